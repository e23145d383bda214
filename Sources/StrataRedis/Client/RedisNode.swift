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

    /// The next lane in turn, unless the one after it has less to do; one that is connected rather than one that isn't.
    ///
    /// The first time, all begin to connect.
    ///
    /// - Complexity: O(1) while the next two are up, else O(lanes); without a lock.
    var lane: ConnectionLane {
        guard lanes.count > 1 else { return lanes[0] }
        // relaxed: any order of turns will do.
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        if number == 0 {
            for lane in lanes { lane.start() }
        }
        func lane(_ offset: Int) -> ConnectionLane {
            lanes[Int(UInt(bitPattern: number &+ offset) % UInt(lanes.count))]
        }
        let first = lane(0)
        let second = lane(1)
        // relaxed: hints, see there.
        switch (first.isUsable.load(ordering: .relaxed), second.isUsable.load(ordering: .relaxed)) {
        case (true, true):
            return second.load.load(ordering: .relaxed) < first.load.load(ordering: .relaxed) ? second : first
        case (true, false): return first
        case (false, true): return second
        case (false, false):
            let other = (0..<lanes.count).lazy.map(lane).first { $0.isUsable.load(ordering: .relaxed) }
            return other ?? first
        }
    }

    func shutdown(grace: Duration) async {
        await withTaskGroup { group in
            for lane in lanes { group.addTask { await lane.shutdown(grace: grace) } }
        }
    }
}
