import Foundation

/// What the standard output leads to.
enum Terminal {
    /// Whether colours are wanted: a terminal, and `NO_COLOR` isn't set.
    static var showsColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        guard environment["NO_COLOR"]?.isEmpty != false, environment["TERM"] != "dumb" else { return false }
        return isatty(FileHandle.standardOutput.fileDescriptor) == 1
    }
}
