import NIOCore
import Synchronization

/// The connections to one server: a small, fixed number of lanes that calls are spread over.
final class RedisNode: Sendable {
    let endpoint: RedisEndpoint
    let lanes: [ConnectionLane]
    private let turn = Atomic<Int>(0)

    init(_ endpoint: RedisEndpoint, group: any EventLoopGroup, environment: LaneEnvironment) {
        self.endpoint = endpoint
        lanes = (0..<max(environment.configuration.connectionsPerNode, 1)).map { _ in
            ConnectionLane(endpoint, on: group.next(), environment: environment)
        }
    }

    /// The next lane in turn, unless the one after it has less to do, or is connected and the other isn't.
    ///
    /// The first time, all begin to connect.
    ///
    /// - Complexity: O(1), without a lock.
    var lane: ConnectionLane {
        guard lanes.count > 1 else { return lanes[0] }
        // relaxed: any order of turns will do.
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        if number == 0 {
            for lane in lanes { lane.start() }
        }
        let first = lanes[Int(UInt(bitPattern: number) % UInt(lanes.count))]
        let second = lanes[Int(UInt(bitPattern: number &+ 1) % UInt(lanes.count))]
        let areUsable = (first.isUsable.load(ordering: .relaxed), second.isUsable.load(ordering: .relaxed))
        if areUsable.0 != areUsable.1 { return areUsable.0 ? first : second }
        return second.load.load(ordering: .relaxed) < first.load.load(ordering: .relaxed) ? second : first
    }

    func shutdown(grace: Duration) async {
        await withTaskGroup { group in
            for lane in lanes { group.addTask { await lane.shutdown(grace: grace) } }
        }
    }
}
