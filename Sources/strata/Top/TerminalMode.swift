import Foundation

/// How many columns and lines a terminal has.
struct TerminalSize: Equatable {
    var columns: Int
    var lines: Int

    /// The size of the terminal behind standard output; `nil` if there is none.
    static var current: TerminalSize? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return TerminalSize(columns: Int(size.ws_col), lines: Int(size.ws_row))
    }
}

/// A terminal that gives each key at once, on a second screen: what was there before comes back with ``restore()``.
final class TerminalMode {
    private var former = termios()
    private var isActive = false

    /// Switches over.
    func enter() {
        guard !isActive, tcgetattr(STDIN_FILENO, &former) == 0 else { return }
        isActive = true
        var raw = former
        raw.c_lflag &= ~tcflag_t(ECHO | ICANON)
        tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        // The other screen, without a cursor.
        Self.write("\u{1b}[?1049h\u{1b}[?25l\u{1b}[2J")
    }

    /// Puts everything back as it was.
    func restore() {
        guard isActive else { return }
        isActive = false
        Self.write("\u{1b}[?25h\u{1b}[?1049l")
        tcsetattr(STDIN_FILENO, TCSANOW, &former)
    }

    /// Writes all of a text.
    static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes = bytes.dropFirst(count)
            } else if errno != EINTR, errno != EAGAIN {
                return
            }
        }
    }
}
