/// Keeps calls away from something that fails, and finds out when it works again: a pure state machine.
///
///     closed ──failures──▶ open ──time──▶ half-open ──success──▶ closed
///                           ▲                 │
///                           └─────failure─────┘
///
/// Closed, all calls pass and are counted. It opens when so many fail in a row, or when too large a part of a window of calls
/// failed or was slow. Open, nothing passes for a while. Half-open, a few probes pass; when they succeed it closes, and
/// when one fails it opens again. A probe whose result never comes can't keep it half-open: after a while its permit is void.
///
/// Invariants:
/// - I1. Half-open, at most ``Configuration/probeCount`` permits of the present period are out.
/// - I2. A result counts only in the period that its permit was given in: answers from before an opening neither close nor open.
///
/// No clock, no lock: the caller says what time it is. ``BreakerPermit`` makes sure that a permit comes back.
public struct CircuitBreaker: Sendable {
    /// When a breaker opens and closes.
    public struct Configuration: Hashable, Sendable {
        /// How many failures in a row open it.
        public var consecutiveFailures = 3
        /// The part of the calls in the window from which on it opens, from 0 to 1; above 1 for never.
        public var failureRate = 0.5
        /// How long a call takes to count as slow.
        public var slowCallDuration = Duration.seconds(1)
        /// The part of slow calls in the window from which on it opens, from 0 to 1; above 1 for never.
        public var slowCallRate = 0.8
        /// How many calls the rates look back on.
        public var windowLength = 100
        /// How many calls there must be in the window before rates count.
        public var minimumCallCount = 20
        /// How long it stays open.
        public var openDuration = Duration.seconds(30)
        /// How many probes may pass at once when it is half-open, and how many must succeed.
        public var probeCount = 1
        /// How long it waits for the results of probes before it sends others.
        public var maximumHalfOpenDuration = Duration.seconds(10)

        /// The defaults: three failures in a row open it for 30 s.
        public init() {}
    }

    /// What a breaker lets pass.
    public enum State: Hashable, Sendable {
        /// Everything.
        case closed
        /// Nothing until then.
        case open(until: Instant)
        /// Probes.
        case halfOpen
    }

    /// How a call ended.
    public enum Result: Hashable, Sendable {
        /// It was answered after so long a time.
        case success(Duration)
        /// It failed in a way that says something about the other side.
        case failure
        /// It failed in a way that says nothing: a request that made no sense.
        case ignored
        /// It was given up by who made it.
        case cancelled
    }

    /// The right to make one call.
    public struct Ticket: Hashable, Sendable {
        let period: UInt64
        let isProbe: Bool
    }

    /// Whether a call may be made.
    public enum Answer: Hashable, Sendable {
        /// It may; its result is to be told with the ticket.
        case allowed(Ticket)
        /// It may not; there is no use in asking before that moment.
        case rejected(until: Instant)
    }

    /// What it does.
    public let configuration: Configuration
    /// What it lets pass.
    public private(set) var state = State.closed
    /// How often it has opened.
    public private(set) var openingCount = 0

    /// Counts changes of `state`, and void probes.
    private var period: UInt64 = 0
    private var failuresInARow = 0
    private var window: CallWindow
    private var probesOut = 0
    private var probeSuccesses = 0
    private var halfOpenUntil = Instant.distantFuture

    /// A closed breaker.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        window = CallWindow(length: max(configuration.windowLength, 1))
    }

    /// Asks for the right to make a call.
    public mutating func acquire(now: Instant) -> Answer {
        if case .open(let until) = state {
            guard now >= until else { return .rejected(until: until) }
            halfOpen(now)
        }
        guard case .halfOpen = state else { return .allowed(Ticket(period: period, isProbe: false)) }
        if now >= halfOpenUntil { halfOpen(now) }
        guard probesOut + probeSuccesses < max(configuration.probeCount, 1) else {
            return .rejected(until: halfOpenUntil)
        }
        probesOut += 1
        return .allowed(Ticket(period: period, isProbe: true))
    }

    /// Tells how a call ended.
    public mutating func report(_ result: Result, _ ticket: Ticket, now: Instant) {
        guard ticket.period == period else { return }
        if ticket.isProbe { reportProbe(result, now) } else { reportCall(result, now) }
    }

    private mutating func reportCall(_ result: Result, _ now: Instant) {
        switch result {
        case .ignored, .cancelled: return
        case .success(let duration):
            failuresInARow = 0
            window.add(isFailure: false, isSlow: duration >= configuration.slowCallDuration)
        case .failure:
            failuresInARow += 1
            window.add(isFailure: true, isSlow: false)
        }
        let isTooOften =
            window.count >= configuration.minimumCallCount
            && (window.failureRate >= configuration.failureRate || window.slowRate >= configuration.slowCallRate)
        if failuresInARow >= configuration.consecutiveFailures || isTooOften { open(now) }
    }

    private mutating func reportProbe(_ result: Result, _ now: Instant) {
        probesOut -= 1
        switch result {
        case .failure: open(now)
        // Says nothing about the other side: the next one may be a probe.
        case .ignored, .cancelled: break
        case .success(let duration):
            guard duration < configuration.slowCallDuration || configuration.slowCallRate > 1 else { return open(now) }
            probeSuccesses += 1
            if probeSuccesses >= max(configuration.probeCount, 1) { close() }
        }
    }

    private mutating func open(_ now: Instant) {
        period += 1
        openingCount += 1
        state = .open(until: now.advanced(by: configuration.openDuration))
    }

    private mutating func halfOpen(_ now: Instant) {
        period += 1
        state = .halfOpen
        probesOut = 0
        probeSuccesses = 0
        halfOpenUntil = now.advanced(by: configuration.maximumHalfOpenDuration)
    }

    private mutating func close() {
        period += 1
        state = .closed
        failuresInARow = 0
        window = CallWindow(length: window.length)
    }
}
