/// Why a command wasn't carried out, or may not have been.
///
/// What a server answers, errors included, is no ``RedisError`` but a reply; this is what happens instead of an answer.
public struct RedisError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public var code: Code
    /// What happened, for people.
    ///
    /// Never holds a password.
    public var message: String

    /// A kind of failure.
    ///
    /// More may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind, as in `timeout`.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// No server can be reached, or none that serves the key.
        public static let unavailable = Code("unavailable")
        /// The deadline passed before the command was sent, or while its answer was awaited and repeating it would do no harm.
        public static let timeout = Code("timeout")
        /// The command was sent and no answer came: it may have been carried out.
        public static let unknownOutcome = Code("unknownOutcome")
        /// The connection ended before the answer of a command that may be repeated.
        public static let connectionLost = Code("connectionLost")
        /// As many commands as may wait are waiting.
        public static let overloaded = Code("overloaded")
        /// The server answered with an error, where a call says no more of replies than that.
        public static let refused = Code("refused")
        /// The server refuses the user or the password.
        public static let denied = Code("denied")
        /// The server is none that can be talked to: too old, or no Redis.
        public static let unsupported = Code("unsupported")
        /// The server sent what is no reply.
        public static let malformedAnswer = Code("malformedAnswer")
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled")
        /// The client was shut down.
        public static let closed = Code("closed")
        /// What was asked for makes no sense: no command, or keys of several cluster slots in one.
        public static let invalidRequest = Code("invalidRequest")
    }

    /// A failure as given.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// As in `timeout: no answer from 127.0.0.1:6379 in time`.
    public var description: String { "\(code): \(message)" }
}
