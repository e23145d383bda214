/// Why a ``RemoteStore`` didn't do what it was asked.
public struct RemoteStoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is.
    public var code: Code
    /// What happened, for people: names the server, key, or field.
    public var message: String
    /// Where, if that is known.
    public var shard: ShardID?

    /// A kind of failure.
    ///
    /// More may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind, as in `timeout`.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// Nothing can be reached, or the shard is down.
        public static let unavailable = Code("unavailable")
        /// The call's deadline passed before anything was sent, or during a read.
        public static let timeout = Code("timeout")
        /// A write was sent and no answer came: it may have been done.
        public static let unknownOutcome = Code("unknownOutcome")
        /// Too many calls wait already.
        public static let overloaded = Code("overloaded")
        /// The key holds something that isn't a hash.
        public static let wrongType = Code("wrongType")
        /// The field holds something that isn't a number, or the sum would be too great.
        public static let notANumber = Code("notANumber")
        /// The server refuses the user, the password or the command.
        public static let denied = Code("denied")
        /// The server has no room.
        public static let outOfMemory = Code("outOfMemory")
        /// The server can't do that.
        public static let unsupported = Code("unsupported")
        /// What the server said can't be understood.
        public static let malformedAnswer = Code("malformedAnswer")
        /// The server answered with another error.
        public static let serverError = Code("serverError")
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled")
        /// What was asked for makes no sense, or is too large.
        public static let invalidRequest = Code("invalidRequest")
    }

    /// A failure as given.
    public init(_ code: Code, _ message: String, shard: ShardID? = nil) {
        self.code = code
        self.message = message
        self.shard = shard
    }

    /// As in `timeout: HMGET of user:1 at 127.0.0.1:6379 took longer than 50 ms`.
    public var description: String { "\(code): \(message)" }

    /// Whether it says something about the health of the shard, which a breaker should count, rather than about the request.
    public var isFault: Bool {
        switch code {
        case .unavailable, .timeout, .unknownOutcome, .overloaded, .malformedAnswer: true
        default: false
        }
    }
}
