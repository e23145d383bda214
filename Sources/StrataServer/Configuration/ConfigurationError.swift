/// A reason why a server can't be started with what it was given.
///
/// It says where the value came from (an option, a variable, a line of a file), what is wrong with it and, where there is one, what to do.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Where the value came from: `--port`, `STRATA_PORT`, `strata.yaml:3: port`; `nil` if several values don't go together.
    public var origin: String?
    /// What is wrong, as a phrase that follows the origin.
    public var reason: String

    /// Creates an error.
    public init(origin: String? = nil, reason: String) {
        self.origin = origin
        self.reason = reason
    }

    /// The origin and the reason, for people.
    public var description: String {
        origin.map { "\($0): \(reason)" } ?? reason
    }
}
