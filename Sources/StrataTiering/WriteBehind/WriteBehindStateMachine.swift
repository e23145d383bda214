/// Which changes wait to be written behind, in which order, and when to try again: a pure state machine.
///
/// Changes of one key are put together and written one write at a time, so that they arrive in their order; different keys are
/// written at once, up to a limit, in the order in which they came.
///
/// Invariants:
/// - I1. A change that was accepted leaves only when its write succeeded, or was refused for good.
/// - I2. Of one key at most one write is under way.
package struct WriteBehindStateMachine: Sendable {
    /// What to do next.
    package enum Action: Hashable, Sendable {
        /// Write this.
        case write([UInt8], PendingChange)
        /// Nothing before that moment.
        case wait(until: Instant)
        /// Nothing until something changes.
        case nothing
    }

    /// How a write ended.
    package enum Ending: Hashable, Sendable {
        /// The second tier has it.
        case done
        /// It is to be tried again after a while; the delay is doubled with each failure in a row.
        case failed
        /// It will never be accepted.
        case refused
    }

    private struct Entry: Sendable {
        var waiting: PendingChange?
        var flying: PendingChange?
        var failureCount = 0
        var notBefore = Instant(nanoseconds: .min)
    }

    /// How many keys may be in it.
    package let capacity: Int
    private let concurrency: Int
    private let retryDelay: Duration
    private var entries: [[UInt8]: Entry] = [:]
    /// Keys in the order in which they came, those under way included.
    private var order: [[UInt8]] = []
    private var flyingCount = 0

    /// An empty queue.
    package init(capacity: Int, concurrency: Int, retryDelay: Duration) {
        self.capacity = max(capacity, 1)
        self.concurrency = max(concurrency, 1)
        self.retryDelay = retryDelay
    }

    /// How many keys are in it.
    package var count: Int { entries.count }
    /// Whether a key is in it.
    package func contains(_ key: [UInt8]) -> Bool { entries[key] != nil }

    /// All that isn't written of a key.
    package func pending(_ key: [UInt8]) -> PendingChange? {
        guard let entry = entries[key] else { return nil }
        guard var change = entry.flying else { return entry.waiting }
        if let waiting = entry.waiting { change.merge(waiting) }
        return change
    }

    /// Takes a change in.
    ///
    /// - Returns: Whether there was room for it.
    package mutating func enqueue(_ key: [UInt8], _ change: PendingChange) -> Bool {
        if var entry = entries[key] {
            if entry.waiting == nil { entry.waiting = change } else { entry.waiting?.merge(change) }
            entries[key] = entry
            return true
        }
        guard entries.count < capacity else { return false }
        entries[key] = Entry(waiting: change)
        order.append(key)
        return true
    }

    /// Says what to do.
    ///
    /// To be called until it has nothing, whenever something changed.
    package mutating func next(now: Instant) -> Action {
        guard flyingCount < concurrency else { return .nothing }
        var earliest: Instant?
        for key in order {
            guard var entry = entries[key], entry.flying == nil, let change = entry.waiting else { continue }
            if entry.notBefore > now {
                earliest = min(earliest ?? entry.notBefore, entry.notBefore)
                continue
            }
            entry.flying = change
            entry.waiting = nil
            entries[key] = entry
            flyingCount += 1
            return .write(key, change)
        }
        return earliest.map { .wait(until: $0) } ?? .nothing
    }

    /// A write has ended.
    package mutating func finish(_ key: [UInt8], _ ending: Ending, now: Instant) {
        guard var entry = entries[key], var change = entry.flying else { return }
        flyingCount -= 1
        entry.flying = nil
        switch ending {
        case .done, .refused:
            entry.failureCount = 0
            guard entry.waiting != nil else {
                entries[key] = nil
                order.removeAll { $0 == key }
                return
            }
        case .failed:
            if let waiting = entry.waiting { change.merge(waiting) }
            entry.waiting = change
            let factor = min(1 << min(entry.failureCount, 5), 30)
            entry.failureCount += 1
            entry.notBefore = now.advanced(by: retryDelay * factor)
        }
        entries[key] = entry
    }
}
