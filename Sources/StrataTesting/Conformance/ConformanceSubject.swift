import StrataTiering

/// A store that is being checked, and what checks do with it.
struct ConformanceSubject: Sendable {
    let store: any RemoteStore
    let clock: TieringClock
    let key: [UInt8]
    let check: String

    /// In so long a time, everything that a check waits for has happened, also on a machine that is busy.
    static let patience = Duration.seconds(30)

    func deadline(_ time: Duration = patience) -> Instant { clock.now().advanced(by: time) }

    func expect<Value: Equatable>(_ found: Value, _ wanted: Value, _ what: String) throws {
        guard found == wanted else {
            throw RemoteStoreConformance.Failure(description: "\(check): \(what) is \(found) and should be \(wanted)")
        }
    }

    func set(_ fields: [String: String], lifetime: Duration = .seconds(60)) async throws {
        let end = clock.now().advanced(by: lifetime)
        let entries = fields.sorted { $0.key < $1.key }.map { name, value in
            RemoteField(name: Array(name.utf8), content: .value(Array(value.utf8)), deadline: end)
        }
        try await write(HashWrite(setting: entries, keyLifetime: .atLeast(lifetime)))
    }

    @discardableResult
    func write(_ write: HashWrite) async throws -> WriteOutcome {
        try await store.write(key, write, deadline: deadline())
    }

    /// The values of fields; `nil` for those that aren't there.
    func values(_ names: String...) async throws -> [String?] {
        let hash = try await store.read(key, .fields(names.map { Array($0.utf8) }), deadline: deadline())
        try expect(hash.fields.map { String(decoding: $0.name, as: UTF8.self) }, names, "the order of the fields")
        return hash.fields.map { field in field.value.map { String(decoding: $0, as: UTF8.self) } }
    }

    func all() async throws -> RemoteHash { try await store.read(key, .all, deadline: deadline()) }

    func lease(_ lifetime: Duration = .seconds(10)) async throws -> RemoteLease? {
        guard case .granted(let lease) = try await store.acquireLease(on: key, lifetime: lifetime, deadline: deadline())
        else { return nil }
        return lease
    }

    func sleep(_ time: Duration) async throws { try await clock.sleep(clock.now().advanced(by: time)) }

    /// Fails with this kind of error.
    func expectFailure(
        _ codes: Set<RemoteStoreError.Code>, _ body: () async throws(RemoteStoreError) -> Void
    ) async throws {
        do throws(RemoteStoreError) { try await body() } catch {
            guard codes.contains(error.code) else {
                throw RemoteStoreConformance.Failure(description: "\(check): failed with \(error)")
            }
            return
        }
        throw RemoteStoreConformance.Failure(description: "\(check): didn't fail")
    }

    /// Runs something while changes of the key are observed, from the moment at which they are reported.
    func observing(_ body: (ReportedEvents) async throws -> Void) async throws {
        let events = ReportedEvents()
        let shard = store.shard(of: key)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do throws(RemoteStoreError) {
                    try await store.observeInvalidations(prefixes: [Array(key)]) { events.add($0) }
                } catch {
                    if !Task.isCancelled { throw error }
                }
            }
            try await wait("a connection") {
                events.all.contains { if case .connected(shard, _) = $0 { true } else { false } }
            }
            try await body(events)
            group.cancelAll()
        }
    }

    /// Waits until something is so.
    func wait(_ what: String, _ isSo: () -> Bool) async throws {
        let limit = deadline()
        while !isSo() {
            guard clock.now() < limit else {
                throw RemoteStoreConformance.Failure(description: "\(check): \(what) never came")
            }
            try await sleep(.milliseconds(2))
        }
    }
}

/// What a store has reported.
final class ReportedEvents: Sendable {
    private let state = Guarded<[InvalidationEvent]>([])

    var all: [InvalidationEvent] { state.withLock { $0 } }

    func add(_ event: InvalidationEvent) { state.withLock { $0.append(event) } }

    /// How many reports of ends of a key's leases there were.
    func leaseCount(of key: [UInt8]) -> Int {
        all.reduce(0) { count, event in
            if case .leases(_, let keys) = event { count + keys.filter { $0 == key }.count } else { count }
        }
    }

    /// How many reports of changes of a key there were.
    func count(of key: [UInt8]) -> Int {
        all.reduce(0) { count, event in
            if case .keys(_, let keys) = event { count + keys.filter { $0 == key }.count } else { count }
        }
    }
}
