import Foundation

/// What is being done, on the terminal: one line that changes, or one line after the other where that isn't possible.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    /// Shows another line.
    func show(_ text: String) {
        let width = 100
        let line = String(text.prefix(width))
        write(isTerminal ? "\r" + line + String(repeating: " ", count: width - line.count) : line + "\n")
    }

    /// Makes room for the results.
    func clear() {
        if isTerminal { write("\r" + String(repeating: " ", count: 100) + "\r") }
    }

    /// Nobody waits for progress: where it can't be shown, the work goes on.
    private func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Foundation.write(STDERR_FILENO, bytes, bytes.count)
    }
}
