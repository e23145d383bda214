/// What a write leaves to be done once its shard is unlocked, because it runs code of the user.
@frozen
@usableFromInline
struct CacheAftermath<Key: Hashable & Sendable, Value: Sendable> {
    /// An entry that has left, for the listener.
    @usableFromInline typealias Departure = (key: Key, value: Value, cause: RemovalCause)

    /// Entries to destroy.
    @usableFromInline var garbage = CacheGarbage()
    /// Entries to tell the listener of; `nil` for none.
    @usableFromInline var departures: ContiguousArray<Departure>?
    /// Flights taken out of the dictionary with their keys, to be released; `nil` for none.
    @usableFromInline var detached: ContiguousArray<(key: Key, value: CacheFlight<Value>)>?
    /// Whether the shard still holds more than it may.
    @usableFromInline var isUnfinished = false

    @inlinable @inline(__always)
    init() {
        departures = nil
        detached = nil
    }
}

extension Cache {
    /// Runs a closure while a shard is locked, then what it leaves to do.
    @inlinable @inline(__always)
    func withShard<Result, Failure: Error>(
        _ shard: CacheShardAddress, _ body: (inout Aftermath) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var aftermath = Aftermath()
        shard.pointee.lock.lock()
        defer {
            shard.pointee.lock.unlock()
            settle(&aftermath)
            if aftermath.isUnfinished { trim(shard) }
        }
        return try body(&aftermath)
    }

    /// Destroys and announces.
    @inlinable @inline(__always)
    func settle(_ aftermath: inout Aftermath) {
        if aftermath.garbage.first != nil { destroy(&aftermath.garbage) }
        if let departures = aftermath.departures { announce(departures) }
    }

    @inlinable @inline(never)
    func destroy(_ garbage: inout CacheGarbage) {
        while let entry = garbage.next() {
            // SAFETY: entries alone are chained, and the grace period of these is over.
            Entry.destroy(entry.assumingMemoryBound(to: Entry.self), isTimed: isTimed)
        }
    }

    @inlinable @inline(never)
    func announce(_ departures: ContiguousArray<Aftermath.Departure>) {
        guard let listener else { return }
        for departure in departures { listener(departure.key, departure.value, departure.cause) }
    }

    /// Retires an entry that was unlinked, and notes it for the listener.
    ///
    /// Under the lock.
    @inlinable @inline(__always)
    func discard(
        _ block: CacheBlock, _ cause: RemovalCause, _ shard: CacheShardAddress, _ aftermath: inout Aftermath
    ) {
        if isListening { note(block, cause, &aftermath) }
        shard.retire(block, garbage: &aftermath.garbage)
    }

    @inlinable @inline(never)
    func note(_ block: CacheBlock, _ cause: RemovalCause, _ aftermath: inout Aftermath) {
        let entry = block.base.assumingMemoryBound(to: Entry.self)
        note(entry.pointee.key, entry.pointee.value, cause, &aftermath)
    }

    @inlinable @inline(never)
    func note(_ key: Key, _ value: Value, _ cause: RemovalCause, _ aftermath: inout Aftermath) {
        guard isListening else { return }
        if aftermath.departures == nil { aftermath.departures = [] }
        aftermath.departures?.append((key, value, cause))
    }

    /// Sees to it, after a change, that the shard holds no more than it may: evicts some entries, and removes some that
    /// have expired.
    ///
    /// Under the lock.
    @inlinable
    func keepBounds(of shard: CacheShardAddress, now: Int64, _ aftermath: inout Aftermath) {
        if isTimed {
            var steps = CacheShard.deadlinesPerWrite
            while let block = shard.expireOne(now: now, steps: &steps) { discard(block, .expired, shard, &aftermath) }
        }
        var left = CacheShard.evictionsPerHold
        while let block = shard.evictOne(budget) {
            discard(block, .size, shard, &aftermath)
            left -= 1
            if left == 0 {
                aftermath.isUnfinished = true
                break
            }
        }
    }

    /// Evicts until the shard holds no more than it may, a few entries per hold of the lock.
    @inlinable @inline(never)
    func trim(_ shard: CacheShardAddress) {
        var isUnfinished = true
        while isUnfinished {
            var aftermath = Aftermath()
            shard.pointee.lock.lock()
            keepBounds(of: shard, now: now(), &aftermath)
            shard.pointee.lock.unlock()
            settle(&aftermath)
            isUnfinished = aftermath.isUnfinished
        }
    }
}
