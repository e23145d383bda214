import Foundation
import NIOCore
import StrataRESP
import StrataTiering
import Testing

@testable import StrataRedis

extension RealServers {
    /// A client of a real cluster, while it is rearranged and while members fail.
    @Suite
    struct ClusterTests {
        @Test
        func followsSlotsThatMove_underLoad() async throws {
            let cluster = try await TestCluster()
            let client = try RedisClient(cluster.configuration)
            // Two keys in one slot, which moves to and fro; counters, so that nothing may be lost or done twice.
            let slot = HashSlot(of: Array("{m}1".utf8)).number
            let workers = (0..<4).map { worker in
                Task {
                    var count: Int64 = 0
                    while !Task.isCancelled {
                        let reply = try await client.send(RedisCommand("INCR", "{m}\(worker)"), timeout: .seconds(5))
                        guard reply.integer != nil else { throw RedisReplyError(message: "\(reply)") }
                        count += 1
                        _ = await client.pipeline([
                            RedisCommand("GET", "{m}\(worker)"), RedisCommand("GET", "other\(count)"),
                        ])
                        let sum = try await client.send(RedisCommand("MGET", "{m}1", "{m}2"))
                        guard sum.elements?.count == 2 else { throw RedisReplyError(message: "\(sum)") }
                    }
                    return count
                }
            }
            try await Task.sleep(for: .milliseconds(200))
            let topology = try await client.cluster!.currentTopology(deadline: .distantFuture)
            let source = try cluster.server(try #require(topology.shard(ofSlot: slot)).primary)
            let target = try cluster.server(
                try #require(topology.shards.first { $0.primary.port != source.port }).primary)
            for round in 0..<4 {
                try await cluster.migrate(
                    slot: slot, from: round % 2 == 0 ? source : target, to: round % 2 == 0 ? target : source)
            }
            try await Task.sleep(for: .milliseconds(100))
            for (worker, task) in workers.enumerated() {
                task.cancel()
                do {
                    let count = try await task.value
                    let stored = try await client.send(RedisCommand("GET", "{m}\(worker)")).integer
                    #expect(stored == count)
                } catch let error as RedisError where error.code == .cancelled || error.code == .unknownOutcome {
                    // The cancellation came while a command was under way.
                }
            }
            await client.shutdown()
        }

        @Test
        func storeWorksOn_whileItsKeysMove() async throws {
            let cluster = try await TestCluster()
            let store = try RedisStore(cluster.configuration)
            let clock = TieringClock.system
            func soon() -> Instant { clock.now().advanced(by: .seconds(2)) }
            let key = Array("{moving}".utf8)
            let slot = HashSlot(of: key).number
            try await store.connect(deadline: soon())
            let topology = try #require(store.client.cluster?.topology)
            let source = try cluster.server(try #require(topology.shard(ofSlot: slot)).primary)
            let target = try cluster.server(
                try #require(topology.shards.first { $0.primary.port != source.port }).primary)
            func check(_ round: Int) async throws {
                let value = Array("\(round)".utf8)
                let field = RemoteField(
                    name: [97], content: .value(value), deadline: clock.now().advanced(by: .seconds(60)))
                guard
                    case .granted(let lost) = try await store.acquireLease(
                        on: key, lifetime: .seconds(5), deadline: soon())
                else {
                    Issue.record("somebody has the lease")
                    return
                }
                // A write of another ends the lease.
                _ = try await store.write(
                    key, HashWrite(setting: [field], keyLifetime: .set(.seconds(60))), deadline: soon())
                let refused = HashWrite(setting: [field], removing: .everything, condition: .lease(lost))
                #expect(try await store.write(key, refused, deadline: soon()) == .leaseLost)
                guard
                    case .granted(let lease) = try await store.acquireLease(
                        on: key, lifetime: .seconds(5), deadline: soon())
                else {
                    Issue.record("the lease didn't end")
                    return
                }
                #expect(
                    try await store.write(key, HashWrite(setting: [field], condition: .lease(lease)), deadline: soon())
                        == .done)
                #expect(
                    try await store.increment(key, [110], by: 1, keyLifetime: nil, deadline: soon()) == Int64(round))
                let hash = try await store.read(key, .fields([[97], [110]]), deadline: soon())
                #expect(hash.fields.map(\.value) == [value, value])
            }
            let events = Collected<InvalidationEvent>()
            let observing = Task { try await store.observeInvalidations(prefixes: [key]) { events.append($0) } }
            // On a machine that stands still for a while, a stream may have been lost and come back by then.
            await eventually("all shards report") {
                let shards = events.all.compactMap { if case .connected(let shard, _) = $0 { shard } else { nil } }
                return Set(shards).count == 3
            }
            let beginning = events.all.count
            let (old, new) = (
                store.shard(of: key), try #require(topology.shards.first { $0.primary.port == target.port }).id
            )
            try await check(1)
            // The slot is on its way, the key still where it was; then where it goes; then the slot has arrived.
            try await target.cli("CLUSTER", "SETSLOT", String(slot), "IMPORTING", try await cluster.name(source))
            try await source.cli("CLUSTER", "SETSLOT", String(slot), "MIGRATING", try await cluster.name(target))
            try await check(2)
            try await source.cli("MIGRATE", "127.0.0.1", String(target.port), "{moving}", "0", "5000")
            try await check(3)
            for server in [target, source] {
                try await server.cli("CLUSTER", "SETSLOT", String(slot), "NODE", try await cluster.name(target))
            }
            await eventually("what moved away is reported") { events.all.contains(.everything(old)) }
            let before = events.all.count
            try await check(4)
            await eventually("changes are reported by who has the key now") {
                events.all.dropFirst(before).contains(.keys(new, [key]))
            }
            #expect(store.shard(of: key) == new)
            let lost = events.all.dropFirst(beginning).count { if case .disconnected = $0 { true } else { false } }
            #expect(lost == 0)
            observing.cancel()
            _ = await observing.result
            await store.shutdown()
        }

        @Test
        func splitsCallsForManyKeys_andJoinsTheAnswersInOrder() async throws {
            let cluster = try await TestCluster()
            let client = try RedisClient(cluster.configuration)
            let keys = (0..<300).map { Array("key:\($0)".utf8) }
            try await client.setAll(keys.map { ($0, $0 + [33]) })
            let values = try await client.getAll(keys + [Array("none".utf8)])
            #expect(values == keys.map { $0 + [33] } + [nil])
            #expect(try await client.existingCount(keys) == 300)
            #expect(try await client.remove(Array(keys.prefix(100))) == 100)
            #expect(try await client.existingCount(keys) == 200)
            let results = await client.pipeline(keys.map { RedisCommand("STRLEN", bytes: [$0]) })
            #expect(
                results.enumerated().allSatisfy { try! $1.get().integer == ($0 < 100 ? 0 : Int64(keys[$0].count + 1)) })

            let sizes = try await client.sendToAll(RedisCommand("DBSIZE")).values.map { try $0.get().integer ?? 0 }
            #expect(sizes.count == 3 && sizes.reduce(0, +) == 200)

            // A command for keys of several slots is the server's to refuse.
            let refused = try await client.send(RedisCommand("MGET", "a", "b"))
            #expect(refused.errorCode == "CROSSSLOT")
            await client.shutdown()
        }

        @Test
        func survivesTheLossOfAPrimary_andKeepsTheShard() async throws {
            let cluster = try await TestCluster()
            let store = try RedisStore(cluster.configuration)
            let clock = TieringClock.system
            func soon(_ time: Duration = .seconds(2)) -> Instant { clock.now().advanced(by: time) }
            try await store.connect(deadline: soon(.seconds(5)))
            let key = Array("a key".utf8)
            let shard = store.shard(of: key)
            let events = Collected<InvalidationEvent>()
            let observing = Task { try await store.observeInvalidations(prefixes: [key]) { events.append($0) } }
            func count(_ matches: (InvalidationEvent) -> Bool) -> Int { events.all.count { matches($0) } }
            await eventually("all shards report") {
                count { if case .connected = $0 { true } else { false } } == 3
                    && count { if case .canary = $0 { true } else { false } } >= 3
            }
            let field = RemoteField(name: [97], content: .value([49]))
            _ = try await store.write(
                key, HashWrite(setting: [field], keyLifetime: .set(.seconds(60))), deadline: soon())
            let primary = try cluster.server(
                try #require(store.client.cluster?.topology?.shard(ofSlot: HashSlot(of: key).number)).primary)
            primary.kill9()

            // Until the replica takes over calls fail, none of them late.
            var longest = Duration.zero
            await eventually(within: .seconds(20), "the replica takes over") {
                var isDone = false
                let duration = await measured {
                    let write = HashWrite(setting: [field], keyLifetime: .set(.seconds(60)))
                    isDone = (try? await store.write(key, write, deadline: soon(.milliseconds(200)))) != nil
                }
                longest = max(longest, duration)
                return isDone
            }
            #expect(longest < .milliseconds(400))
            #expect(store.shard(of: key) == shard)
            await eventually("the new primary reports") {
                count { if case .connected(shard, _) = $0 { true } else { false } } == 2
            }
            let before = count { $0 == .keys(shard, [key]) }
            _ = try await store.write(key, HashWrite(removing: .everything), deadline: soon())
            await eventually("the change is reported") { count { $0 == .keys(shard, [key]) } > before }

            // The streams of the other shards weren't touched, and epochs only grow.
            let epochs = events.all.compactMap { if case .connected(_, let epoch) = $0 { epoch } else { nil } }
            #expect(epochs.count == 4 && zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 })
            observing.cancel()
            _ = await observing.result
            await store.shutdown()
        }
    }
}
