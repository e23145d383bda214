/// Which changes wait to be written behind, in which order, and when to try again: a pure state machine.
///
/// Changes of one key are put together and written one write at a time, so that they arrive in their order; different keys are
/// written at once, up to a limit, in the order in which they came.
///
/// Invariants:
/// - I1. A change that was accepted leaves only when its write succeeded, or was refused for good.
/// - I2. Of one key at most one write is under way.
/// - I3. A key has a turn if and only if something of it waits and nothing of it is under way.
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
    }

    /// A key that may be written from a moment on.
    private struct Turn: Comparable, Sendable {
        let moment: Instant
        let number: Int
        let key: [UInt8]

        static func < (left: Turn, right: Turn) -> Bool {
            (left.moment, left.number) < (right.moment, right.number)
        }
    }

    /// How many keys may be in it.
    package let capacity: Int
    private let concurrency: Int
    private let retryDelay: Duration
    private var entries: [[UInt8]: Entry] = [:]
    private var turns = BinaryHeap<Turn>()
    private var turnNumber = 0
    /// The last moment that it was told.
    private var latest = Instant(nanoseconds: .min)
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
            // Something of it is under way or waits already, so it has its turn or will get one.
            if entry.waiting == nil { entry.waiting = change } else { entry.waiting?.merge(change) }
            entries[key] = entry
            return true
        }
        guard entries.count < capacity else { return false }
        entries[key] = Entry(waiting: change)
        addTurn(key, at: latest)
        return true
    }

    /// Says what to do.
    ///
    /// To be called until it has nothing, whenever something changed.
    package mutating func next(now: Instant) -> Action {
        latest = max(latest, now)
        guard flyingCount < concurrency, let turn = turns.first else { return .nothing }
        guard turn.moment <= now else { return .wait(until: turn.moment) }
        turns.removeFirst()
        guard var entry = entries[turn.key], let change = entry.waiting else {
            preconditionFailure("a turn without a change (I3)")
        }
        entry.flying = change
        entry.waiting = nil
        entries[turn.key] = entry
        flyingCount += 1
        return .write(turn.key, change)
    }

    private mutating func addTurn(_ key: [UInt8], at moment: Instant) {
        turnNumber += 1
        turns.insert(Turn(moment: moment, number: turnNumber, key: key))
    }

    /// A write has ended.
    package mutating func finish(_ key: [UInt8], _ ending: Ending, now: Instant) {
        guard var entry = entries[key], var change = entry.flying else { return }
        latest = max(latest, now)
        flyingCount -= 1
        entry.flying = nil
        switch ending {
        case .done, .refused:
            entry.failureCount = 0
            guard entry.waiting != nil else {
                entries[key] = nil
                return
            }
            addTurn(key, at: now)
        case .failed:
            if let waiting = entry.waiting { change.merge(waiting) }
            entry.waiting = change
            let factor = min(1 << min(entry.failureCount, 5), 30)
            entry.failureCount += 1
            addTurn(key, at: now.advanced(by: retryDelay * factor))
        }
        entries[key] = entry
    }
}
