/// The bounds that keep one client from harming the others.
///
/// All sizes are in bytes.
public struct ClientLimits: Sendable, Equatable {
    /// How many clients may be connected at once; one more is told so and closed.
    public var maximumClientCount = 10_000
    /// After how many seconds without a command a client is closed; 0 means never.
    public var idleTimeoutSeconds = 0
    /// How much of one request may wait unparsed; a client that sends more is closed.
    public var maximumQueryBufferBytes = 1 << 30
    /// The longest single argument of a request.
    public var maximumBulkBytes = 512 << 20
    /// The most arguments of one request.
    public var maximumArgumentCount = 1 << 24
    /// How many reply bytes may wait for a client that doesn't read; it is closed beyond.
    ///
    /// 0 means no limit.
    public var maximumOutputBytes = 1 << 30
    /// How many reply bytes may wait for a client at which reading its requests pauses until it has read.
    public var outputBytesToPauseReading = 1 << 20

    /// Creates the limits with Redis' customary values.
    public init() {}
}
