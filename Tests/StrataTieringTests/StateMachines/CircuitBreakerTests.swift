import StrataTiering
import Testing

@Suite struct CircuitBreakerTests {
    private func at(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

    private func ticket(_ breaker: inout CircuitBreaker, _ seconds: Double) -> CircuitBreaker.Ticket? {
        if case .allowed(let ticket) = breaker.acquire(now: at(seconds)) { ticket } else { nil }
    }

    private func fail(_ breaker: inout CircuitBreaker, times: Int, at seconds: Double = 0) throws {
        for _ in 0..<times {
            let ticket = try #require(ticket(&breaker, seconds))
            breaker.report(.failure, ticket, now: at(seconds))
        }
    }

    @Test func opensAfterThreeFailures_andProbesAfterThirtySeconds() throws {
        var breaker = CircuitBreaker()
        try fail(&breaker, times: 2)
        #expect(breaker.state == .closed)
        try fail(&breaker, times: 1)
        #expect(breaker.state == .open(until: at(30)))
        let early = breaker.acquire(now: at(29.9))
        #expect(early == .rejected(until: at(30)))
        let probe = try #require(ticket(&breaker, 30))
        #expect(breaker.state == .halfOpen)
        let second = ticket(&breaker, 30)
        #expect(second == nil)
        breaker.report(.success(.zero), probe, now: at(31))
        #expect(breaker.state == .closed)
    }

    @Test func opensAgain_whenTheProbeFails() throws {
        var breaker = CircuitBreaker()
        try fail(&breaker, times: 3)
        let probe = try #require(ticket(&breaker, 30))
        breaker.report(.failure, probe, now: at(31))
        #expect(breaker.state == .open(until: at(61)))
        #expect(breaker.openingCount == 2)
    }

    @Test func aSuccessInBetweenStartsTheCountAgain() throws {
        var breaker = CircuitBreaker()
        for _ in 0..<5 {
            try fail(&breaker, times: 2)
            let good = try #require(ticket(&breaker, 0))
            breaker.report(.success(.zero), good, now: at(0))
        }
        #expect(breaker.state == .closed)
    }

    @Test func opens_whenTooLargeAPartOfTheWindowFails() throws {
        var configuration = CircuitBreaker.Configuration()
        configuration.failureRate = 0.4
        configuration.minimumCallCount = 10
        var breaker = CircuitBreaker(configuration: configuration)
        for round in 0..<10 where breaker.state == .closed {
            let ticket = try #require(ticket(&breaker, 0))
            breaker.report(round % 2 == 0 ? .failure : .success(.zero), ticket, now: at(0))
        }
        #expect(breaker.state == .open(until: at(30)))
    }

    @Test func opens_whenTooManyCallsAreSlow() throws {
        var breaker = CircuitBreaker()
        for _ in 0..<20 {
            #expect(breaker.state == .closed)
            let ticket = try #require(ticket(&breaker, 0))
            breaker.report(.success(.seconds(2)), ticket, now: at(0))
        }
        #expect(breaker.state == .open(until: at(30)))
    }

    @Test func theWindowForgets() throws {
        var configuration = CircuitBreaker.Configuration()
        configuration.windowLength = 10
        configuration.minimumCallCount = 10
        configuration.consecutiveFailures = 100
        var breaker = CircuitBreaker(configuration: configuration)
        for round in 0..<200 {
            let ticket = try #require(ticket(&breaker, 0))
            breaker.report(round % 3 == 0 ? .failure : .success(.zero), ticket, now: at(0))
        }
        #expect(breaker.state == .closed)
    }

    /// An answer that comes after the breaker opened says nothing about the probe that is under way.
    @Test func answersFromBeforeDontCount() throws {
        var breaker = CircuitBreaker()
        let old = try #require(ticket(&breaker, 0))
        try fail(&breaker, times: 3)
        breaker.report(.success(.zero), old, now: at(1))
        #expect(breaker.state == .open(until: at(30)))
        _ = try #require(ticket(&breaker, 30))
        breaker.report(.failure, old, now: at(30))
        #expect(breaker.state == .halfOpen)
    }

    /// All sequences of up to seven events, in every order: however it comes, the breaker is never stuck.
    @Test func isNeverStuck_inAnyOrderOfEvents() {
        enum Event: CaseIterable { case acquire, succeed, fail, ignore, cancel, wait }
        func explore(_ breaker: CircuitBreaker, _ out: [CircuitBreaker.Ticket], _ now: Double, _ depth: Int) {
            // Whatever has happened: when time has passed, somebody gets through.
            var later = breaker
            let isThrough = ticket(&later, now + 100) != nil
            #expect(isThrough)
            guard depth > 0 else { return }
            for event in Event.allCases {
                var next = breaker
                var tickets = out
                var time = now
                switch event {
                case .wait: time += 11
                case .acquire: if let ticket = ticket(&next, now) { tickets.append(ticket) }
                case .succeed, .fail, .ignore, .cancel:
                    guard !tickets.isEmpty else { continue }
                    let ticket = tickets.removeFirst()
                    let result: CircuitBreaker.Result =
                        switch event {
                        case .succeed: .success(.zero)
                        case .fail: .failure
                        case .ignore: .ignored
                        default: .cancelled
                        }
                    next.report(result, ticket, now: at(now))
                }
                explore(next, tickets, time, depth - 1)
            }
        }
        var configuration = CircuitBreaker.Configuration()
        configuration.consecutiveFailures = 1
        configuration.openDuration = .seconds(10)
        explore(CircuitBreaker(configuration: configuration), [], 0, 7)
    }
}
