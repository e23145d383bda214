import Logging

/// A logger that says nothing: a simulation breaks things thousands of times.
enum SilentLog {
    static let logger = Logger(label: "strata.simulation") { _ in SwiftLogNoOpLogHandler() }
}
