import StrataRESP
import StrataTiering
import Testing

@testable import StrataRedis

@Suite
struct ClusterTopologyTests {
    private func shard(_ port: Int, _ names: [String], _ slots: ClosedRange<Int>...) -> ClusterTopology.Shard {
        ClusterTopology.Shard(
            id: .single, primary: RedisEndpoint("h", port), replicas: [], nodeIDs: names, slots: slots)
    }

    private func ids(_ topology: ClusterTopology) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: topology.shards.map { ($0.primary.port, $0.id.index) })
    }

    private var three: ClusterTopology {
        ClusterTopology().updated(with: [
            shard(3, ["c", "c2"], 10923...16383), shard(1, ["a", "a2"], 0...5460), shard(2, ["b", "b2"], 5461...10922),
        ])
    }

    @Test
    func numbersShardsInOrderOfTheirSlots() {
        #expect(ids(three) == [1: 0, 2: 1, 3: 2])
        #expect(three.isComplete)
        #expect(three.shard(ofSlot: 5461)?.primary.port == 2)
    }

    @Test
    func keepsTheName_whenAReplicaTakesOver() {
        // The old primary is still listed, alone and without slots.
        let next = three.updated(with: [
            shard(1, ["a"]), shard(2, ["b", "b2"], 5461...10922), shard(3, ["c", "c2"], 10923...16383),
            shard(11, ["a2"], 0...5460),
        ])
        #expect(ids(next)[11] == 0)
        #expect(ids(next)[2] == 1)
        #expect(ids(next)[1] == 3)
    }

    @Test
    func keepsTheNames_whenSlotsMove() {
        let next = three.updated(with: [
            shard(1, ["a", "a2"]), shard(2, ["b", "b2"], 0...10922), shard(3, ["c", "c2"], 10923...16383),
        ])
        #expect(ids(next) == [1: 0, 2: 1, 3: 2])
        #expect(next.shard(ofSlot: 0)?.id == ShardID(1))
    }

    @Test
    func givesNewShardsNewNames() {
        let fewer = three.updated(with: [shard(1, ["a", "a2"], 0...10922), shard(3, ["c", "c2"], 10923...16383)])
        let more = fewer.updated(with: [
            shard(1, ["a", "a2"], 0...10922), shard(3, ["c", "c2"], 10923...15000), shard(4, ["d"], 15001...16383),
        ])
        #expect(ids(more) == [1: 0, 3: 2, 4: 3])
    }

    @Test
    func readsClusterShards() throws {
        func node(_ id: String, _ port: Int, _ role: String, _ health: String = "online") -> RESPValue {
            .map([
                .init(.bulkString(Array("id".utf8)), .bulkString(Array(id.utf8))),
                .init(.bulkString(Array("port".utf8)), .integer(Int64(port))),
                .init(.bulkString(Array("tls-port".utf8)), .integer(Int64(port + 1))),
                .init(.bulkString(Array("ip".utf8)), .bulkString(Array("10.0.0.1".utf8))),
                .init(.bulkString(Array("endpoint".utf8)), .bulkString(Array("".utf8))),
                .init(.bulkString(Array("role".utf8)), .bulkString(Array(role.utf8))),
                .init(.bulkString(Array("health".utf8)), .bulkString(Array(health.utf8))),
            ])
        }
        func entry(_ slots: [Int], _ nodes: [RESPValue]) -> RESPValue {
            .map([
                .init(.bulkString(Array("slots".utf8)), .array(slots.map { .integer(Int64($0)) })),
                .init(.bulkString(Array("nodes".utf8)), .array(nodes)),
            ])
        }
        let reply = RESPValue.array([
            entry([0, 5, 10, 20], [node("r", 2, "replica"), node("p", 1, "master")]),
            entry([], [node("dead", 3, "master", "fail")]),
        ])
        let shards = try #require(ClusterTopology.shards(in: reply, asked: RedisEndpoint("h"), usesTLS: false))
        #expect(shards.count == 1)
        #expect(shards[0].primary == RedisEndpoint("10.0.0.1", 1))
        #expect(shards[0].nodeIDs == ["p", "r"])
        #expect(shards[0].slots == [0...5, 10...20])
        let secure = try #require(ClusterTopology.shards(in: reply, asked: RedisEndpoint("h"), usesTLS: true))
        #expect(secure[0].primary == RedisEndpoint("10.0.0.1", 2))
        #expect(ClusterTopology.shards(in: .simpleString([]), asked: RedisEndpoint("h"), usesTLS: false) == nil)
    }

    @Test
    func readsClusterSlots() throws {
        func node(_ host: String, _ port: Int, _ id: String) -> RESPValue {
            .array([.bulkString(Array(host.utf8)), .integer(Int64(port)), .bulkString(Array(id.utf8))])
        }
        let reply = RESPValue.array([
            .array([.integer(0), .integer(5), node("h1", 1, "a"), node("h2", 2, "b")]),
            .array([.integer(7), .integer(9), node("h1", 1, "a"), node("h2", 2, "b")]),
        ])
        let shards = try #require(ClusterTopology.shards(inSlots: reply, asked: RedisEndpoint("h")))
        #expect(shards.count == 1)
        #expect(shards[0].slots == [0...5, 7...9])
        #expect(shards[0].replicas == [RedisEndpoint("h2", 2)])
    }
}

@Suite
struct RedirectStateMachineTests {
    private let server = RedisEndpoint("h", 1)

    private func error(_ text: String) -> RESPValue { .error(Array(text.utf8)) }

    @Test
    func followsRedirects() {
        var machine = RedirectStateMachine(maximumCount: 5)
        #expect(machine.received(.integer(1), from: server) == .finish)
        #expect(machine.received(error("WRONGTYPE x"), from: server) == .finish)
        #expect(
            machine.received(error("MOVED 3999 127.0.0.1:6381"), from: server)
                == .resend(to: .server(RedisEndpoint("127.0.0.1", 6381)), asking: false, pause: .zero, refresh: true))
        #expect(
            machine.received(error("ASK 3999 :6381"), from: server)
                == .resend(to: .server(RedisEndpoint("h", 6381)), asking: true, pause: .zero, refresh: false))
        #expect(
            machine.received(error("ASK 3999 ::1:6381"), from: server)
                == .resend(to: .server(RedisEndpoint("::1", 6381)), asking: true, pause: .zero, refresh: false))
    }

    @Test
    func waitsLongerEachTime_andGivesUp() {
        var machine = RedirectStateMachine(maximumCount: 3)
        for milliseconds in [5, 10, 20] {
            #expect(
                machine.received(error("TRYAGAIN Multiple keys"), from: server)
                    == .resend(to: .owner, asking: false, pause: .milliseconds(milliseconds), refresh: false))
        }
        guard case .giveUp = machine.received(error("CLUSTERDOWN x"), from: server) else {
            Issue.record("it goes on")
            return
        }
    }
}
