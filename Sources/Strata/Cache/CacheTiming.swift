/// When entries of a cache end and want to be refreshed, in nanoseconds of its clock.
@frozen
@usableFromInline
struct CacheTiming: Sendable {
    @usableFromInline let clock: CacheClock
    /// The lifetime from a write, `CacheBlock.noDeadline` if it doesn't end.
    @usableFromInline let afterWrite: Int64
    /// The lifetime from a read or write.
    @usableFromInline let afterAccess: Int64
    /// The age from which an entry is stale.
    @usableFromInline let refreshAfter: Int64

    init(clock: CacheClock, afterWrite: Duration?, afterAccess: Duration?, refreshAfter: Duration?) {
        self.clock = clock
        self.afterWrite = Self.length(afterWrite)
        self.afterAccess = Self.length(afterAccess)
        self.refreshAfter = Self.length(refreshAfter)
    }

    /// Whether entries need their times.
    var isNeeded: Bool {
        afterWrite != CacheBlock.noDeadline || afterAccess != CacheBlock.noDeadline
            || refreshAfter != CacheBlock.noDeadline
    }

    /// A length of time; one that isn't positive is none at all.
    @usableFromInline
    static func length(_ duration: Duration?) -> Int64 {
        guard let duration else { return CacheBlock.noDeadline }
        return max(duration.saturatedNanoseconds, 0)
    }

    /// The end of a lifetime that begins at a time.
    @inlinable @inline(__always)
    static func end(of length: Int64, from start: Int64) -> Int64 {
        guard length != CacheBlock.noDeadline else { return CacheBlock.noDeadline }
        let (sum, isTooMuch) = start.addingReportingOverflow(length)
        return isTooMuch ? CacheBlock.noDeadline : sum
    }

    /// How long it is from one time to another; as much as a word holds where it is more.
    @inlinable @inline(__always)
    static func distance(from start: Int64, to end: Int64) -> Int64 {
        let (distance, isTooMuch) = end.subtractingReportingOverflow(start)
        return isTooMuch ? (end < start ? .min : .max) : distance
    }

    /// The deadline of an entry that was written at one time and read at another.
    @inlinable @inline(__always)
    func deadline(written: Int64, read: Int64) -> Int64 {
        min(Self.end(of: afterWrite, from: written), Self.end(of: afterAccess, from: read))
    }
}
