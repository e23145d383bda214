import StrataRedis
import StrataTesting
import StrataTiering
import Synchronization
import Testing

extension ChaosRun {
    private static let recoveryTime = Duration.seconds(5)

    /// Waits until nodes and second tier are at one again, and complains if they aren't in time.
    func recover() async {
        note("everything is mended")
        let end = clock.now().advanced(by: Self.recoveryTime)
        var disagreement: String?
        repeat {
            disagreement = await findDisagreement()
            if disagreement == nil { break }
            await sleep(.milliseconds(50))
        } while clock.now() < end
        if let disagreement { violate("recovery", disagreement) }
        note("recovered")
    }

    private func findDisagreement() async -> String? {
        for (index, node) in nodes.enumerated() {
            for key in keys + loadedKeys {
                guard let contents = await contents(of: key) else { return "the second tier doesn't answer" }
                for field in Self.fields {
                    let value: [UInt8]?
                    do { value = try await node.get(key, field) } catch { return "node \(index) fails: \(error)" }
                    // What is loaded ends by itself.
                    if loadedKeys.contains(key) { continue }
                    if value != contents[field] { return "node \(index) has another value of \(text(key))" }
                    if let peeked = node.peek(key, field), peeked != value {
                        return "node \(index) lends another value of \(text(key))"
                    }
                }
            }
            let statistics = node.statistics
            if statistics.queueDepth > 0 { return "node \(index) has \(statistics.queueDepth) writes queued" }
            if statistics.coherence != .tracking { return "node \(index) is \(statistics.coherence)" }
            for shard in statistics.shards where witness.shards.contains(shard.shard) {
                if shard.breaker != .closed {
                    return "the breaker of \(shard.shard) of node \(index) is \(shard.breaker)"
                }
                if !shard.isConnected { return "node \(index) hears nothing of \(shard.shard)" }
                if shard.waitingCallCount > 0 { return "calls of node \(index) still wait" }
            }
            if statistics.taskCount > 0 { return "\(statistics.taskCount) tasks of node \(index) are under way" }
        }
        return nil
    }

    /// What the second tier has of a key; `nil` if it doesn't answer.
    private func contents(of key: [UInt8]) async -> [[UInt8]: [UInt8]]? {
        guard let hash = try? await witness.read(key, .all, deadline: clock.now().advanced(by: .seconds(1))) else {
            return nil
        }
        return Dictionary(
            uniqueKeysWithValues: hash.fields.compactMap { field in field.value.map { (field.name, $0) } })
    }

    /// Looks through the history for broken promises.
    func check() async {
        var promises = HistoryChecker.Promises(
            // Reports stop unnoticed for as long as the canaries may stay away; then suspects are served; a call that began takes its time.
            staleness: (options.staleness
                ?? configuration.maximumSilence + configuration.maintenanceInterval + configuration.suspectBound
                + configuration.callBudget) + allowance)
        promises.keepsWrites = options.keepsWrites
        promises.loadsOnceOverall = options.loadsOnceOverall
        promises.schedulingAllowance = allowance
        var contents: [[UInt8]: [[UInt8]: [UInt8]]] = [:]
        for key in Set(history.operations.map(\.key)) where !loadedKeys.contains(key) {
            contents[key] = await self.contents(of: key) ?? [:]
        }
        // Loaded keys end by themselves, and nobody writes them.
        let ends = contents
        for violation in HistoryChecker(promises).check(history, contents: { ends[$0] ?? [:] }) {
            violate(violation.promise, violation.description)
        }
        await checkCounts()
        let openings = nodes.flatMap(\.statistics.shards).map(\.breakerOpeningCount).reduce(0, +)
        if options.opensBreakers, openings == 0 { violate("breaker", "no breaker opened") }
        // Each stays open for its time, and opens anew for the failure of a probe only.
        let time = start.duration(to: clock.now()) / configuration.breaker.openDuration
        let shardCount = max(witness.shards.count, 1)
        if openings > nodes.count * shardCount * (Int(time) + 1) { violate("breaker", "\(openings) openings") }
        if !options.opensBreakers, log.all.isEmpty, openings > 0 { violate("breaker", "\(openings) breakers opened") }
        let operations = history.operations
        let done = operations.count { $0.ending == .done }
        print(
            "chaos '\(options.name)', seed \(Self.seed): \(operations.count) operations, \(done) done,",
            "\(openings) openings of breakers, \(nodes.map(\.statistics.loadCount)) loads,",
            "latest wake-up \(oversleep.withLock { $0 })")
        let violations = found.all
        #expect(operations.count > 100, "the clients got nothing done")
        if !violations.isEmpty {
            let broken = violations.map { "\($0.promise): \($0.description)" }.joined(separator: "\n")
            Issue.record(
                """
                STRATA_CHAOS_SEED=\(Self.seed), '\(options.name)', clock began at \(start.nanoseconds / 1000)
                \(log.all.joined(separator: "\n"))
                \(broken)
                """)
        }
    }

    private func checkCounts() async {
        guard options.keepsWrites, !log.all.contains(where: { $0.hasSuffix("FLUSHALL") }) else { return }
        for (key, count) in increments.withLock({ $0 }) {
            let stored = await contents(of: key)?[[UInt8(ascii: "n")]].flatMap { Int64(text($0)) } ?? 0
            if stored < count.done || stored > count.done + count.unknown {
                violate(
                    "increments",
                    "\(text(key)) is \(stored) after \(count.done) acknowledged and \(count.unknown) unknown ones")
            }
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
