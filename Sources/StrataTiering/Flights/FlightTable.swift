/// What is being fetched, so that it is fetched once however many ask for it.
///
/// A flight fetches some fields of a key, or all of them. Who wants fields joins the flights that bring some of them, and leads one
/// for the rest. A flight that began before a change of its key isn't joined any more: it may bring what was before.
///
/// **Concurrency:** from any thread.
final class FlightTable<Answers: Sendable>: Sendable {
    /// One fetch.
    final class Flight: Sendable {
        /// What it fetches; `nil` for everything.
        let fields: [[UInt8]]?
        /// The count of changes of its key when it began.
        let generation: UInt64
        /// Ends it.
        let landing = Signal<Result<Answers, any Error>>()

        init(fields: [[UInt8]]?, generation: UInt64) {
            self.fields = fields
            self.generation = generation
        }

        func covers(_ field: [UInt8]) -> Bool { fields?.contains(field) ?? true }
    }

    /// Who brings what.
    struct Plan {
        /// Flights of others.
        var joined: [Flight] = []
        /// The caller's own, which it has to start.
        var led: Flight?
    }

    private struct State {
        var flights: [[UInt8]: [Flight]] = [:]
    }

    private let state = Guarded(State())

    /// How many keys are being fetched.
    var keyCount: Int { state.withLock { $0.flights.count } }

    /// Joins or begins what it takes to fetch fields of a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - fields: The fields; `nil` for all.
    ///   - generation: Reads the count of changes of the key.
    /// - Returns: Whom to wait for, and what to start.
    func join(_ key: [UInt8], _ fields: [[UInt8]]?, generation: () -> UInt64) -> Plan {
        state.withLock { state in
            let generation = generation()
            let present = (state.flights[key] ?? []).filter { $0.generation == generation }
            var plan = Plan()
            var rest: [[UInt8]]?
            if let fields {
                var left: [[UInt8]] = []
                for field in fields {
                    guard let flight = present.first(where: { $0.covers(field) }) else {
                        left.append(field)
                        continue
                    }
                    if !plan.joined.contains(where: { $0 === flight }) { plan.joined.append(flight) }
                }
                if left.isEmpty { return plan }
                rest = left
            } else if let flight = present.first(where: { $0.fields == nil }) {
                plan.joined = [flight]
                return plan
            }
            let flight = Flight(fields: rest, generation: generation)
            state.flights[key, default: []].append(flight)
            plan.led = flight
            return plan
        }
    }

    /// Ends a flight.
    ///
    /// What it brought is stored before, so that whoever comes next finds it.
    func land(_ flight: Flight, _ key: [UInt8], _ result: Result<Answers, any Error>) {
        state.withLock { state in
            guard var flights = state.flights[key] else { return }
            flights.removeAll { $0 === flight }
            state.flights[key] = flights.isEmpty ? nil : flights
        }
        flight.landing.send(result)
    }
}
