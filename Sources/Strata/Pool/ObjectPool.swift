import CStrata
public import Synchronization

/// Objects that are expensive to make, used again and again: buffers, parsers, connections' scratch space.
///
/// ```swift
/// let buffers = ObjectPool(make: { Buffer(capacity: 64 << 10) }, reset: { $0.removeAll() })
/// buffers.prewarm(16)
///
/// let buffer = buffers.take()          // from this thread's own list: a few nanoseconds, nothing is allocated
/// buffer.object.append(bytes)
/// …                                    // goes back at the end of the scope
/// ```
///
/// Each thread has a list of idle objects of its own; what is too much or too little there moves in batches to and from a bounded overflow that all threads
/// share. When all is full, an object that comes back is released. In a steady state nothing is allocated.
///
/// Worth it for objects that own memory or take long to set up. An object with three words in it is cheaper from the allocator than most pools; this
/// one is about as cheap as a stack.
///
/// **Objects needn't be `Sendable`**: one is used by one holder at a time, and what happens in the pool orders one holder before the next. The
/// closures run outside of the pool's lock and may use the pool.
///
/// **Concurrency:** everything from any thread. Taking and returning neither wait nor allocate except when batches move (a lock held for one
/// copy of half a list) and on a thread's first use.
public final class ObjectPool<Object>: @unchecked Sendable {
    // Sendable because: (1) `core` never changes; (2) lanes belong to one thread each, the overflow has a lock, see PoolCore;
    // (3) an object passes from thread to thread through a lane (same thread), the overflow's lock, or a handle's owner.

    @usableFromInline let core: UnsafeMutablePointer<PoolCore<Object>>

    /// Creates an empty pool.
    ///
    /// - Parameters:
    ///   - idlePerThread: How many idle objects a thread keeps, 1 to 65 536.
    ///   - sharedIdle: How many more may wait in the shared overflow, 0 to 16 777 216.
    ///   - make: Makes an object; called when none is idle.
    ///   - reset: Prepares an object that comes back for its next user.
    public init(
        idlePerThread: Int = 32, sharedIdle: Int = 1024, make: @escaping @Sendable () -> Object,
        reset: (@Sendable (Object) -> Void)? = nil
    ) {
        let laneCount = max(64, Int(strata_available_cores()) * 8)
        core = .allocate(capacity: 1)
        core.initialize(
            to: PoolCore(
                laneCount: laneCount, laneCapacity: min(max(idlePerThread, 1), 1 << 16),
                overflowCapacity: min(max(sharedIdle, 0), 1 << 24), make: make, reset: reset))
    }

    deinit {
        if core.pointee.close() { Self.free(core) }
    }

    /// An object to use: an idle one, else a new one.
    ///
    /// - Complexity: O(1); a few nanoseconds unless a batch has to be fetched.
    @inlinable @inline(__always)
    public func take() -> Pooled<Object> {
        Pooled(core.pointee.take(), core: core)
    }

    /// Lends an object for the time of a call.
    ///
    /// - Parameter body: Uses the object, and doesn't keep it.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws; the object goes back all the same.
    @inlinable @inline(__always)
    public func withObject<Result, Failure: Error>(
        _ body: (Object) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let handle = take()
        return try body(handle.object)
    }

    /// Makes idle objects ahead of their use, as far as the shared overflow has room.
    ///
    /// - Parameter count: How many; none if it is negative.
    public func prewarm(_ count: Int) {
        core.pointee.prewarm(count)
    }

    /// What the pool has done.
    ///
    /// - Complexity: O(number of threads it is laid out for).
    public var statistics: PoolStatistics { core.pointee.statistics() }

    /// Takes an object back from its handle.
    @inlinable @inline(__always)
    static func takeBack(_ object: UnsafeMutablePointer<Object>, _ core: UnsafeMutablePointer<PoolCore<Object>>) {
        if let reset = core.pointee.reset { reset(object.pointee) }
        let pin = Epoch.pin()
        // relaxed: whoever is pinned either sees it, or is waited for; see PoolCore.close().
        if core.pointee.isClosed.load(ordering: .relaxed) {
            pin.end()
            return returnLate(object, core)
        }
        let left = core.pointee.put(object)
        pin.end()
        if let left { PoolCore<Object>.destroy(left) }
    }

    @usableFromInline
    static func letGo(_ core: UnsafeMutablePointer<PoolCore<Object>>) {
        let pin = Epoch.pin()
        let isClosed = core.pointee.isClosed.load(ordering: .relaxed)
        if !isClosed { core.pointee.forget() }
        pin.end()
        if isClosed, core.pointee.countLateReturn() { free(core) }
    }

    @usableFromInline @inline(never)
    static func returnLate(_ object: UnsafeMutablePointer<Object>, _ core: UnsafeMutablePointer<PoolCore<Object>>) {
        PoolCore<Object>.destroy(object)
        if core.pointee.countLateReturn() { free(core) }
    }

    private static func free(_ core: UnsafeMutablePointer<PoolCore<Object>>) {
        core.deinitialize(count: 1)
        core.deallocate()
    }
}
