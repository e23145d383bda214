import Logging
import ServiceLifecycle
import StrataTesting
import Testing

@testable import StrataTiering

/// A tiered hash as a service: its start, its end, and what it says about itself meanwhile.
@Suite struct RunningTests {
    private let clock = ManualClock(now: Instant(nanoseconds: 1_000_000_000))

    private func cache(
        over remote: any RemoteStore, _ change: (inout TieredHash.Configuration) -> Void = { _ in }
    ) -> TieredHash {
        var configuration = TieredHash.Configuration()
        configuration.breaker.openDuration = .milliseconds(100)
        change(&configuration)
        return TieredHash(
            remote: remote, configuration: configuration, clock: clock.tieringClock,
            logger: Logger(label: "strata.tests") { _ in SwiftLogNoOpLogHandler() })
    }

    private func store(_ plan: FaultPlan, over store: InMemoryRemoteStore) -> FaultInjectingStore {
        FaultInjectingStore(store, plan: plan, seed: 1, clock: clock.tieringClock)
    }

    /// Lets time pass until a task has ended.
    private func pass(untilEnded isEnded: Guarded<Bool>) async {
        for _ in 0..<10_000 where !isEnded.withLock({ $0 }) {
            clock.advance(by: .milliseconds(10))
            for _ in 0..<20 { await Task.yield() }
        }
        #expect(isEnded.withLock { $0 })
    }

    private func runAsService(_ cache: TieredHash, _ isEnded: Guarded<Bool>) -> ServiceGroup {
        let group = ServiceGroup(
            services: [cache], gracefulShutdownSignals: [], cancellationSignals: [],
            logger: Logger(label: "strata.tests") { _ in SwiftLogNoOpLogHandler() })
        Task {
            do { try await group.run() } catch { Issue.record(error) }
            isEnded.withLock { $0 = true }
        }
        return group
    }

    @Test func writesWhatIsQueued_whenAGracefulShutdownBegins() async throws {
        let base = InMemoryRemoteStore(clock: clock.tieringClock)
        // The store is away when the shutdown begins, and comes back.
        let remote = store(FaultPlan([.init(.refuse(part: 1), from: .zero, to: .seconds(2))]), over: base)
        let cache = cache(over: remote) { $0.shutdownTimeout = .seconds(3600) }
        let isEnded = Guarded(false)
        let group = runAsService(cache, isEnded)
        await until { cache.statistics.shards.contains { $0.isConnected } }
        for number in 0..<5 {
            let outcome = try await cache.set(
                "k\(number)", "f", to: "v\(number)", options: .init(policy: .writeBehind))
            #expect(outcome.isQueued)
        }
        #expect(cache.statistics.queueDepth == 5)
        await group.triggerGracefulShutdown()
        await pass(untilEnded: isEnded)
        #expect(cache.statistics.queueDepth == 0)
        for number in 0..<5 {
            #expect(base.contents(of: bytes("k\(number)")) == [bytes("f"): bytes("v\(number)")])
        }
    }

    @Test func endsAShutdown_whenTheStoreDoesntComeBackInTime() async throws {
        let base = InMemoryRemoteStore(clock: clock.tieringClock)
        let remote = store(FaultPlan([.init(.refuse(part: 1), from: .zero, to: .seconds(60))]), over: base)
        let cache = cache(over: remote) { $0.shutdownTimeout = .seconds(2) }
        let isEnded = Guarded(false)
        let group = runAsService(cache, isEnded)
        await until { cache.statistics.shards.contains { $0.isConnected } }
        _ = try await cache.set("k", "f", to: "v", options: .init(policy: .writeBehind))
        let start = clock.now
        await group.triggerGracefulShutdown()
        await pass(untilEnded: isEnded)
        #expect(cache.statistics.queueDepth == 1)
        #expect(start.duration(to: clock.now) >= .seconds(2) && start.duration(to: clock.now) < .seconds(60))
        // A process that lives on still writes it, when the store is back.
        for _ in 0..<10_000 where cache.statistics.queueDepth > 0 || cache.statistics.taskCount > 0 {
            clock.advance(by: .milliseconds(10))
            for _ in 0..<20 { await Task.yield() }
        }
        #expect(base.contents(of: bytes("k")) == [bytes("f"): bytes("v")])
    }

    @Test func complains_whenNoStreamOfReportsCanBeOpened() async throws {
        let base = InMemoryRemoteStore(clock: clock.tieringClock)
        let cache = cache(over: SilentStore(base: base, clock: clock.tieringClock))
        #expect(cache.statistics.coherence == .starting)
        let running = Task { await cache.runUntilCancelled() }
        for _ in 0..<2000 where cache.statistics.coherence == .starting {
            clock.advance(by: .milliseconds(10))
            for _ in 0..<20 { await Task.yield() }
        }
        #expect(cache.statistics.coherence == .degraded("no canary of shard 0 came back"))
        running.cancel()
        await running.value
    }

    @Test func staysDegraded_whileAnyShardReportsNothing() {
        var layout = InMemoryRemoteStore.Configuration()
        layout.shardCount = 2
        let cache = cache(over: InMemoryRemoteStore(configuration: layout, clock: clock.tieringClock))
        for shard in [0, 1] {
            cache.receive(.connected(ShardID(shard), epoch: 1))
            cache.receive(.canary(ShardID(shard), lag: .milliseconds(1)))
        }
        #expect(cache.statistics.coherence == .tracking)
        cache.receive(.disconnected(ShardID(1), reason: "a test"))
        // The other shard's canary proves nothing about this one.
        cache.receive(.canary(ShardID(0), lag: .milliseconds(1)))
        #expect(cache.statistics.coherence == .degraded("shard 1 reports no changes: a test"))
        cache.receive(.connected(ShardID(1), epoch: 2))
        cache.receive(.canary(ShardID(0), lag: .milliseconds(1)))
        #expect(cache.statistics.coherence != .tracking)
        cache.receive(.canary(ShardID(1), lag: .milliseconds(1)))
        #expect(cache.statistics.coherence == .tracking)
    }
}

/// A store that says it reports changes, but to which no stream of reports can be opened.
private struct SilentStore: RemoteStore {
    let base: InMemoryRemoteStore
    let clock: TieringClock

    var capabilities: RemoteCapabilities { base.capabilities }
    var shards: [ShardID] { base.shards }
    func shard(of key: [UInt8]) -> ShardID { base.shard(of: key) }

    func read(
        _ key: [UInt8], _ fields: FieldSelection, deadline: Instant
    ) async throws(RemoteStoreError) -> RemoteHash {
        try await base.read(key, fields, deadline: deadline)
    }

    func write(_ key: [UInt8], _ write: HashWrite, deadline: Instant) async throws(RemoteStoreError) -> WriteOutcome {
        try await base.write(key, write, deadline: deadline)
    }

    func increment(
        _ key: [UInt8], _ field: [UInt8], by amount: Int64, keyLifetime: Duration?, deadline: Instant
    ) async throws(RemoteStoreError) -> Int64 {
        try await base.increment(key, field, by: amount, keyLifetime: keyLifetime, deadline: deadline)
    }

    func acquireLease(
        on key: [UInt8], lifetime: Duration, deadline: Instant
    ) async throws(RemoteStoreError) -> LeaseAnswer {
        try await base.acquireLease(on: key, lifetime: lifetime, deadline: deadline)
    }

    func release(_ lease: RemoteLease, deadline: Instant) async throws(RemoteStoreError) {
        try await base.release(lease, deadline: deadline)
    }

    func observeInvalidations(
        prefixes: [[UInt8]], _ receive: @escaping @Sendable (InvalidationEvent) -> Void
    ) async throws(RemoteStoreError) {
        try? await clock.sleep(.distantFuture)
    }
}
