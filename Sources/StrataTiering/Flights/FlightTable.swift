/// What is being fetched, so that it is fetched once however many ask for it.
///
/// A flight fetches some fields of a key, or all of them. Who wants fields joins the flights that bring some of them, and leads one
/// for the rest. A flight that began before a change of its key isn't joined any more: it may bring what was before.
///
/// Flights may be one at a time for each field: one that can't join what is under way is queued behind it. Nothing has been fetched by a
/// flight that is queued, so anyone may join it, whatever has changed meanwhile. So for each field at most one flight is under
/// way and one more is queued, however often the key changes.
///
///     queued ──begin──▶ under way ──land──▶ ended
///
/// **Concurrency:** from any thread.
final class FlightTable<Answers: Sendable>: Sendable {
    /// One fetch.
    final class Flight: Sendable {
        /// What it fetches; `nil` for everything.
        let fields: [[UInt8]]?
        /// Ends it.
        let landing = Signal<Result<Answers, any Error>>()

        init(fields: [[UInt8]]?) { self.fields = fields }

        func covers(_ field: [UInt8]) -> Bool { fields?.contains(field) ?? true }

        func overlaps(_ others: [[UInt8]]?) -> Bool { others?.contains(where: covers) ?? true }
    }

    /// Who brings what.
    struct Plan {
        /// Flights of others.
        var joined: [Flight] = []
        /// The caller's own, which it has to start.
        var led: Flight?
        /// Flights that have to land before the caller's own begins.
        var predecessors: [Flight] = []
    }

    private struct Entry {
        let flight: Flight
        /// The count of changes of its key when it began; `nil` while it is queued.
        var generation: UInt64?
    }

    private struct State {
        var flights: [[UInt8]: [Entry]] = [:]
    }

    private let state = Guarded(State())
    private let areSerial: Bool

    /// No flights.
    ///
    /// - Parameter areSerial: Whether flights of a field are one at a time.
    init(areSerial: Bool) { self.areSerial = areSerial }

    /// How many keys are being fetched.
    var keyCount: Int { state.withLock { $0.flights.count } }

    /// Joins or begins what it takes to fetch fields of a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - fields: The fields; `nil` for all.
    ///   - generation: Reads the count of changes of the key.
    /// - Returns: Whom to wait for, and what to start: after a call of ``begin(_:_:generation:)`` if there are predecessors.
    func join(_ key: [UInt8], _ fields: [[UInt8]]?, generation: () -> UInt64) -> Plan {
        state.withLock { state in
            let generation = generation()
            var plan = Plan()
            guard let entries = state.flights[key] else {
                let flight = Flight(fields: fields)
                state.flights[key] = [Entry(flight: flight, generation: generation)]
                plan.led = flight
                return plan
            }
            let present = entries.lazy.filter { ($0.generation ?? generation) == generation }.map(\.flight)
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
            let flight = Flight(fields: rest)
            if areSerial { plan.predecessors = entries.map(\.flight).filter { $0.overlaps(rest) } }
            state.flights[key] =
                entries + [Entry(flight: flight, generation: plan.predecessors.isEmpty ? generation : nil)]
            plan.led = flight
            return plan
        }
    }

    /// Begins a flight that was queued: all that changed before is part of what it fetches.
    ///
    /// - Parameters:
    ///   - flight: The flight, whose predecessors have landed.
    ///   - key: Its key.
    ///   - generation: Reads the count of changes of the key.
    func begin(_ flight: Flight, _ key: [UInt8], generation: () -> UInt64) {
        state.withLock { state in
            guard let index = state.flights[key]?.firstIndex(where: { $0.flight === flight }) else { return }
            state.flights[key]?[index].generation = generation()
        }
    }

    /// Ends a flight.
    ///
    /// What it brought is stored before, so that whoever comes next finds it.
    func land(_ flight: Flight, _ key: [UInt8], _ result: Result<Answers, any Error>) {
        state.withLock { state in
            guard let index = state.flights.index(forKey: key) else { return }
            state.flights.values[index].removeAll { $0.flight === flight }
            if state.flights.values[index].isEmpty { state.flights.remove(at: index) }
        }
        flight.landing.send(result)
    }
}
