import Synchronization

/// The limits up to which a hash is kept as one compact block.
///
/// One object may be shared by any number of stores. A change takes effect with the next write to each hash; reads
/// convert nothing.
///
/// **Concurrency:** readable and settable from any thread.
public final class EncodingLimits: Sendable {
    /// Both limits are read with every write; relaxed: each is a value of its own.
    private let fieldCount: Atomic<Int>
    private let valueLength: Atomic<Int>

    /// Keeps the search through a compact block within reason, and the copy that every change makes of it; above this
    /// number a table is better in every respect.
    static let largestFieldCount = 512
    /// Does so for the length of a name or a value.
    static let largestValueLength = 1 << 16
    /// Does so for all names and values of a block together.
    static let largestPayloadLength = 1 << 16

    /// Creates limits.
    ///
    /// - Parameters:
    ///   - maximumCompactFieldCount: See `maximumCompactFieldCount`.
    ///   - maximumCompactValueLength: See `maximumCompactValueLength`.
    public init(maximumCompactFieldCount: Int = 128, maximumCompactValueLength: Int = 64) {
        fieldCount = Atomic(maximumCompactFieldCount)
        valueLength = Atomic(maximumCompactValueLength)
    }

    /// The largest number of fields of a compact hash; what is set above 512 counts as that.
    public var maximumCompactFieldCount: Int {
        get { fieldCount.load(ordering: .relaxed) }
        set { fieldCount.store(newValue, ordering: .relaxed) }
    }

    /// The largest length, in bytes, of a name or a value in a compact hash; what is set above 64 KiB counts as that.
    ///
    /// All names and values of a compact hash together have at most 64 KiB too.
    public var maximumCompactValueLength: Int {
        get { valueLength.load(ordering: .relaxed) }
        set { valueLength.store(newValue, ordering: .relaxed) }
    }

    /// The field limit in force.
    var effectiveFieldCount: Int { min(maximumCompactFieldCount, Self.largestFieldCount) }
    /// The length limit in force.
    var effectiveValueLength: Int { min(maximumCompactValueLength, Self.largestValueLength) }
}
