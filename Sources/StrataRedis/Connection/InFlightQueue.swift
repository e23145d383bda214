import NIOCore
import StrataRESP

/// What was sent on one connection and isn't answered yet, in order: the pure part of pipelining.
///
/// Answers come in the order of the commands, so who waits is found by position. A waiter that gives up is *detached*: its place
/// stays, and the answers for it are dropped when they come. No I/O and no clock; confined to whoever owns it.
struct InFlightQueue<Waiter> {
    /// What an answer means.
    enum Action {
        /// All answers of this waiter are there.
        case finish(Waiter, [RESPValue])
        /// More answers are due for the same waiter, or nobody waits any more.
        case nothing
        /// No answer was due: the connection is out of step.
        case unexpected
    }

    private struct Entry {
        var waiter: Waiter?
        var deadline: NIODeadline
        var remaining: Int
        var replies: [RESPValue]
        var isConfirmedByPush: Bool
    }

    private var entries = CircularBuffer<Entry>()
    private var firstTicket = 0

    /// How many answers are due, those that nobody waits for included.
    private(set) var outstandingCount = 0

    /// Whether the next answer is a push message.
    var awaitsConfirmation: Bool { entries.first?.isConfirmedByPush ?? false }

    /// How many waiters wait.
    private(set) var waiterCount = 0

    /// Whether no answer is due.
    var isEmpty: Bool { entries.isEmpty }

    /// Notes that commands were sent.
    ///
    /// - Parameters:
    ///   - waiter: Who waits for the answers.
    ///   - replyCount: How many answers; at least one.
    ///   - deadline: When the waiter gives up.
    ///   - isConfirmedByPush: Whether a push message is the answer, as for `SUBSCRIBE`.
    /// - Returns: What to call the place by in ``detach(_:)``.
    /// - Complexity: O(1) amortised.
    mutating func append(
        _ waiter: Waiter, replyCount: Int, deadline: NIODeadline, isConfirmedByPush: Bool = false
    ) -> Int {
        entries.append(
            Entry(
                waiter: waiter, deadline: deadline, remaining: replyCount, replies: [],
                isConfirmedByPush: isConfirmedByPush))
        outstandingCount += replyCount
        waiterCount += 1
        return firstTicket + entries.count - 1
    }

    /// Takes in an answer.
    ///
    /// O(1).
    mutating func received(_ reply: RESPValue) -> Action {
        guard !entries.isEmpty else { return .unexpected }
        let index = entries.startIndex
        outstandingCount -= 1
        entries[index].remaining -= 1
        let isLast = entries[index].remaining == 0
        guard entries[index].waiter != nil else {
            if isLast { removeFirst() }
            return .nothing
        }
        entries[index].replies.append(reply)
        guard isLast else { return .nothing }
        let entry = removeFirst()
        guard let waiter = entry.waiter else { return .nothing }
        waiterCount -= 1
        return .finish(waiter, entry.replies)
    }

    @discardableResult
    private mutating func removeFirst() -> Entry {
        firstTicket += 1
        return entries.removeFirst()
    }

    /// Lets a waiter go; its answers will be dropped.
    ///
    /// O(1).
    ///
    /// - Returns: The waiter, if it still waited.
    mutating func detach(_ ticket: Int) -> Waiter? {
        let offset = ticket - firstTicket
        guard offset >= 0, offset < entries.count else { return nil }
        return detach(at: entries.index(entries.startIndex, offsetBy: offset))
    }

    private mutating func detach(at index: CircularBuffer<Entry>.Index) -> Waiter? {
        guard let waiter = entries[index].waiter else { return nil }
        entries[index].waiter = nil
        entries[index].replies = []
        waiterCount -= 1
        return waiter
    }

    /// Lets those go whose deadline has passed.
    ///
    /// - Returns: Who they are, and the earliest deadline of the others.
    /// - Complexity: O(entries).
    mutating func detachExpired(now: NIODeadline) -> (expired: [Waiter], next: NIODeadline?) {
        var expired: [Waiter] = []
        var next: NIODeadline?
        for index in entries.indices where entries[index].waiter != nil {
            let deadline = entries[index].deadline
            if deadline <= now {
                if let waiter = detach(at: index) { expired.append(waiter) }
            } else if next.map({ deadline < $0 }) ?? true {
                next = deadline
            }
        }
        return (expired, next)
    }

    /// Empties the queue, because the connection has ended.
    ///
    /// - Returns: Who still waited.
    mutating func removeAll() -> [Waiter] {
        let waiters = entries.compactMap(\.waiter)
        firstTicket += entries.count
        entries.removeAll()
        outstandingCount = 0
        waiterCount = 0
        return waiters
    }
}
