/// Why a call of a tiered hash failed.
public struct TieredError: Error, CustomStringConvertible, Sendable {
    /// What kind of failure it is.
    public var code: Code
    /// What happened, for people.
    public var message: String
    /// What the second tier said.
    public var remote: RemoteStoreError?

    /// A kind of failure.
    ///
    /// More may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind, as in `timeout`.
        public let description: String

        private init(_ description: String) { self.description = description }

        /// The second tier can't be asked, and the first one has no answer.
        public static let unavailable = Code("unavailable")
        /// The budget of the call is used up.
        public static let timeout = Code("timeout")
        /// Too many loads or queued writes wait already.
        public static let overloaded = Code("overloaded")
        /// The second tier may or may not have done what it was told.
        public static let unknownOutcome = Code("unknownOutcome")
        /// The second tier refused.
        public static let refused = Code("refused")
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled")
        /// The loader took too long.
        public static let loaderTimeout = Code("loaderTimeout")
    }

    init(_ code: Code, _ message: String, remote: RemoteStoreError? = nil) {
        self.code = code
        self.message = message
        self.remote = remote
    }

    /// What a failure of the second tier means for a call.
    init(_ error: RemoteStoreError) {
        let code: Code =
            switch error.code {
            case .unavailable: .unavailable
            case .timeout: .timeout
            case .overloaded: .overloaded
            case .unknownOutcome: .unknownOutcome
            case .cancelled: .cancelled
            default: .refused
            }
        self.init(code, error.message, remote: error)
    }

    /// As in `timeout: …`.
    public var description: String { "\(code): \(message)" }
}
