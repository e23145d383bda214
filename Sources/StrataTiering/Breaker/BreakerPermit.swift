/// The right to make one call past a breaker, which can't be lost: whoever drops it has cancelled the call.
///
/// ```swift
/// switch breaker.acquire() {
/// case .rejected: …
/// case .allowed(let permit):
///     do { try await call(); permit.succeed() } catch { permit.fail() }
/// }
/// ```
public struct BreakerPermit: ~Copyable, Sendable {
    private let breaker: SharedBreaker
    private let ticket: CircuitBreaker.Ticket
    private let start: Instant
    private var isReported = false

    init(_ breaker: SharedBreaker, _ ticket: CircuitBreaker.Ticket, start: Instant) {
        self.breaker = breaker
        self.ticket = ticket
        self.start = start
    }

    deinit { if !isReported { breaker.report(.cancelled, ticket) } }

    /// The call was answered.
    public consuming func succeed() {
        breaker.reportSuccess(ticket, since: start)
        isReported = true
    }

    /// The call failed in a way that says something about the other side.
    public consuming func fail() {
        breaker.report(.failure, ticket)
        isReported = true
    }

    /// The call failed in a way that says nothing about the other side.
    public consuming func ignore() {
        breaker.report(.ignored, ticket)
        isReported = true
    }
}

/// Whether a call may be made.
public enum BreakerAnswer: ~Copyable, Sendable {
    /// It may.
    case allowed(BreakerPermit)
    /// It may not, before that moment.
    case rejected(until: Instant)
}

/// A ``CircuitBreaker`` that many tasks use, with a clock.
public final class SharedBreaker: Sendable {
    private let machine: Guarded<CircuitBreaker>
    private let clock: TieringClock

    /// A closed breaker.
    public init(configuration: CircuitBreaker.Configuration = .init(), clock: TieringClock) {
        machine = Guarded(CircuitBreaker(configuration: configuration))
        self.clock = clock
    }

    /// What it lets pass.
    public var state: CircuitBreaker.State { machine.withLock { $0.state } }
    /// How often it has opened.
    public var openingCount: Int { machine.withLock { $0.openingCount } }

    /// Whether it would let nothing pass at this moment.
    public var isRejecting: Bool {
        if case .open(let until) = state { clock.now() < until } else { false }
    }

    /// Asks for the right to make a call.
    public func acquire() -> BreakerAnswer {
        let now = clock.now()
        return switch machine.withLock({ $0.acquire(now: now) }) {
        case .allowed(let ticket): .allowed(BreakerPermit(self, ticket, start: now))
        case .rejected(let until): .rejected(until: until)
        }
    }

    func report(_ result: CircuitBreaker.Result, _ ticket: CircuitBreaker.Ticket) {
        let now = clock.now()
        machine.withLock { $0.report(result, ticket, now: now) }
    }

    func reportSuccess(_ ticket: CircuitBreaker.Ticket, since start: Instant) {
        let now = clock.now()
        machine.withLock { $0.report(.success(start.duration(to: now)), ticket, now: now) }
    }
}
