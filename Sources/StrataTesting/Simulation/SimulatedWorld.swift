import StrataTiering

/// The processes of a simulation, their clients, and what these do.
final class SimulatedWorld: Sendable {
    let history = History()
    private let seed: UInt64
    private let configuration: TierSimulation.Configuration
    private let settings: TieredHash.Configuration
    private let executor: DeterministicExecutor
    private let store: InMemoryRemoteStore
    private let faulty: FaultInjectingStore
    private let nodes: [TieredHash]
    private let found = Guarded<[HistoryChecker.Violation]>([])

    private static let keys = ["a", "b", "c"].map { Array($0.utf8) }
    private static let fields = ["x", "y"].map { Array($0.utf8) }
    /// What is only loaded, never written.
    private static let loadedKeys = ["l", "m"].map { Array($0.utf8) }

    init(
        seed: UInt64, configuration: TierSimulation.Configuration, settings: TieredHash.Configuration,
        executor: DeterministicExecutor, store: InMemoryRemoteStore, faulty: FaultInjectingStore
    ) {
        self.seed = seed
        self.configuration = configuration
        self.settings = settings
        self.executor = executor
        self.store = store
        self.faulty = faulty
        nodes = (0..<configuration.nodeCount).map { index in
            let random = Guarded(SeededRandom(seed: seed &* 31 &+ UInt64(index)))
            return TieredHash(
                remote: faulty, configuration: settings, clock: executor.clock.tieringClock, executor: executor,
                randomNumber: { random.withLock { Double($0.next() >> 11) / 0x1p53 } }, logger: SilentLog.logger)
        }
    }

    private var clock: TieringClock { executor.clock.tieringClock }

    /// Where nodes and store still disagreed when everything had been mended for long.
    var disagreements: [HistoryChecker.Violation] { found.withLock { $0 } }

    /// What holds in a run with a plan.
    func promises(_ plan: FaultPlan) -> HistoryChecker.Promises {
        var staleness = settings.suspectBound + settings.callBudget
        // A link that carries nothing is found out when the canaries stay away for too long.
        if plan.events.contains(where: { $0.fault == .halfOpen }) { staleness += settings.maximumSilence + .seconds(1) }
        var promises = HistoryChecker.Promises(staleness: staleness)
        promises.keepsWrites = !plan.events.contains { $0.fault == .flushAll || $0.fault == .failover }
        // Without the store nobody can agree on who loads.
        promises.loadsOnceOverall = plan.events.isEmpty
        return promises
    }

    /// Runs everything to its end.
    func run() async {
        await withTaskGroup(of: Void.self) { services in
            for node in nodes { services.addTask { await node.runUntilCancelled() } }
            services.addTask { await self.faulty.run(on: self.store) }
            await withTaskGroup(of: Void.self) { clients in
                for (index, node) in nodes.enumerated() {
                    for client in 0..<configuration.clientsPerNode {
                        clients.addTask { await self.act(node, index, client) }
                    }
                }
                await clients.waitForAll()
            }
            await compare()
            services.cancelAll()
        }
    }

    /// What one client does.
    private func act(_ node: TieredHash, _ index: Int, _ client: Int) async {
        var random = SeededRandom(seed: seed &* 1_000_003 &+ UInt64(index * 100 + client))
        let pause = configuration.duration / configuration.operationsPerClient
        for number in 0..<configuration.operationsPerClient {
            try? await clock.sleep(clock.now().advanced(by: random.duration(in: .zero...(pause * 2))))
            let key = Self.keys[Int(random.next() % UInt64(Self.keys.count))]
            let field = Self.fields[Int(random.next() % UInt64(Self.fields.count))]
            let value = Array("\(index).\(client).\(number)".utf8)
            switch random.next() % 12 {
            case 0..<4: await read(node, index, client, key, field)
            case 4..<6:
                await write(index, client, key, field, value) { try await node.set(key, field, to: value) }
            case 6: await write(index, client, key, field, nil) { try await node.remove(key, field) }
            case 7:
                // Twice in a row: the second finds what the first has left behind.
                await write(index, client, key, field, value) { try await node.set(key, field, to: value) }
                await read(node, index, client, key, field)
            case 8:
                // Written behind by one client alone, which sees it at once.
                let own = Array("q\(index).\(client)".utf8)
                await write(index, client, own, field, value) {
                    try await node.set(own, field, to: value, options: .init(policy: .writeBehind))
                }
                await read(node, index, client, own, field)
            case 9: await readAll(node, index, client, key)
            default: await load(node, index, client, Self.loadedKeys[Int(random.next() % 2)], field)
            }
        }
    }

    private func read(_ node: TieredHash, _ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8]) async {
        let start = clock.now()
        if let value = node.peek(key, field) { add(index, client, key, field, .read(value), start) }
        do {
            let value = try await node.get(key, field)
            add(index, client, key, field, .read(value), start)
        } catch {
            add(index, client, key, field, .read(nil), start, .failed)
        }
    }

    private func readAll(_ node: TieredHash, _ index: Int, _ client: Int, _ key: [UInt8]) async {
        let start = clock.now()
        guard let values = try? await node.getAll(key) else {
            // Nothing, or a failure: which of them is told apart by the reads of single fields.
            return
        }
        for field in Self.fields { add(index, client, key, field, .read(values[field]), start) }
    }

    private func write(
        _ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8], _ value: [UInt8]?,
        _ body: () async throws -> TieredWriteOutcome
    ) async {
        let start = clock.now()
        do {
            let outcome = try await body()
            let isDone = outcome.isQueued || outcome.tiers.contains(.remote)
            add(index, client, key, field, .write(value), start, isDone ? .done : .unknown)
        } catch {
            add(index, client, key, field, .write(value), start, .unknown)
        }
    }

    private func load(_ node: TieredHash, _ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8]) async {
        let start = clock.now()
        let isDone =
            (try? await node.load(key, field) { key, fields in
                let start = self.clock.now()
                try await self.clock.sleep(start.advanced(by: .milliseconds(50)))
                for field in fields { self.add(index, client, key, field, .load, start, budget: false) }
                return Dictionary(
                    uniqueKeysWithValues: fields.map { ($0, .value($0, lifetime: .seconds(5))) })
            }) != nil
        let end = clock.now()
        let budget = settings.callBudget
        if start.duration(to: end) > budget * 1.1 {
            found.withLock {
                $0.append(
                    .init(promise: "budget", description: "a load took \(start.duration(to: end)), done: \(isDone)"))
            }
        }
    }

    private func add(
        _ index: Int, _ client: Int, _ key: [UInt8], _ field: [UInt8], _ kind: History.Operation.Kind, _ start: Instant,
        _ ending: History.Operation.Ending = .done, budget: Bool = true
    ) {
        history.add(
            .init(
                node: index, client: client, key: key, field: field, kind: kind, start: start, end: clock.now(),
                ending: ending, budget: budget ? settings.callBudget : nil))
    }

    /// When all is mended, all nodes say what the store says.
    private func compare() async {
        try? await clock.sleep(clock.now().advanced(by: settings.suspectBound + .seconds(5)))
        for key in Self.keys {
            let contents = store.contents(of: key)
            for (index, node) in nodes.enumerated() {
                for field in Self.fields {
                    let value: [UInt8]?
                    do { value = try await node.get(key, field) } catch {
                        disagree("recovery", "node \(index) still fails: \(error)")
                        continue
                    }
                    let peeked = node.peek(key, field)
                    if value != contents[field] || (peeked != nil && peeked != value) {
                        func text(_ bytes: [UInt8]?) -> String {
                            bytes.map { String(decoding: $0, as: UTF8.self) } ?? "nothing"
                        }
                        disagree(
                            "agreement",
                            "node \(index) says \(text(value)) of \(text(key)) \(text(field)), the store \(text(contents[field]))"
                        )
                    }
                }
            }
        }
        if nodes.contains(where: { $0.statistics.queueDepth > 0 }) { disagree("recovery", "writes are still queued") }
    }

    private func disagree(_ promise: String, _ description: String) {
        found.withLock { $0.append(.init(promise: promise, description: description)) }
    }
}
