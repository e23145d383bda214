public import StrataTiering

/// A clock that a test moves by hand.
///
/// ```swift
/// let clock = ManualClock()
/// let hash = TieredHash(clock: clock.tieringClock, …)
/// clock.advance(by: .seconds(30))
/// ```
///
/// **Concurrency:** callable from any thread. `advance` wakes who sleeps until a moment that has come, in order of their
/// moments, before it returns; what they do then runs whenever their executors get to it.
public final class ManualClock: Sendable {
    private struct Sleeper {
        let until: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Instant
        var unixMilliseconds: Int64
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var nextNumber = 0
    }

    private let state: Guarded<State>

    /// A clock that shows a moment.
    ///
    /// - Parameters:
    ///   - now: The moment.
    ///   - unixMilliseconds: The time of day at that moment.
    public init(now: Instant = Instant(nanoseconds: 0), unixMilliseconds: Int64 = 1_700_000_000_000) {
        state = Guarded(State(now: now, unixMilliseconds: unixMilliseconds))
    }

    /// The moment it shows.
    public var now: Instant { state.withLock { $0.now } }

    /// How many tasks sleep on it.
    public var sleeperCount: Int { state.withLock { $0.sleepers.count } }

    /// The first moment that somebody sleeps until.
    public var nextWakeUp: Instant? { state.withLock { $0.sleepers.values.map(\.until).min() } }

    /// The clock in the form that tiers take.
    public var tieringClock: TieringClock {
        TieringClock(
            now: { self.now },
            unixMilliseconds: { self.state.withLock { $0.unixMilliseconds } },
            sleep: { try await self.sleep(until: $0) }
        )
    }

    /// Moves time on, and wakes who has slept long enough.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "a clock doesn't go back")
        let awake = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            state.unixMilliseconds += Int64(duration / .milliseconds(1))
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            // Of those with the same moment, who came first: the same run twice is the same.
            return due.sorted { ($0.value.until, $0.key) < ($1.value.until, $1.key) }
        }
        for (_, sleeper) in awake { sleeper.continuation.resume() }
    }

    /// Steps the time of day, as an administrator does, without moving time on.
    public func stepTimeOfDay(by milliseconds: Int64) { state.withLock { $0.unixMilliseconds += milliseconds } }

    /// Suspends until the clock shows a moment.
    ///
    /// - Throws: `CancellationError`.
    public func sleep(until instant: Instant) async throws {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                enum Action { case sleep, wake, cancel }
                let action: Action = state.withLock { state in
                    if state.cancelled.remove(number) != nil { return .cancel }
                    if instant <= state.now { return .wake }
                    state.sleepers[number] = Sleeper(until: instant, continuation: continuation)
                    return .sleep
                }
                switch action {
                case .sleep: break
                case .wake: continuation.resume()
                case .cancel: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                if let sleeper = state.sleepers.removeValue(forKey: number) { return sleeper }
                state.cancelled.insert(number)
                return nil
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
        state.withLock { _ = $0.cancelled.remove(number) }
    }
}
