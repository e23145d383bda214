import NIOCore
public import StrataTiering
import Synchronization

extension RedisStore {
    private enum Change: Sendable {
        case topology(ClusterTopology)
        case unsupported(RedisError)
    }

    /// Reports changes of keys until the calling task is cancelled: `CLIENT TRACKING ON BCAST` on a connection of its own to each
    /// primary, which follows the layout of a cluster.
    ///
    /// - A half-open link is found by heartbeat and canary within ``RedisConfiguration/heartbeatInterval`` plus
    ///   ``RedisConfiguration/heartbeatTimeout``.
    /// - `FLUSHALL`, and whatever can't be understood, is ``InvalidationEvent/everything(_:)``.
    /// - When slots have left a shard, that is ``InvalidationEvent/everything(_:)`` of it too.
    /// - The end of a lease, by release or by time, is reported; that it was taken isn't.
    /// - Prefixes may overlap.
    ///
    /// Each observer costs every server one message per change below the prefixes, and one canary per interval.
    /// Source: Redis manual, client-side caching, broadcasting mode.
    public func observeInvalidations(
        prefixes: [[UInt8]], _ receive: @escaping @Sendable (InvalidationEvent) -> Void
    ) async throws(RemoteStoreError) {
        let (changes, input) = AsyncStream.makeStream(of: Change.self, bufferingPolicy: .unbounded)
        let cluster = client.cluster
        let context = ShardStream.Context(
            prefixes: TrackingPrefixes(prefixes), environment: client.environment, live: streams,
            nextEpoch: { self.epochs.wrappingAdd(1, ordering: .relaxed).newValue }, receive: receive,
            onTrouble: { _, _ in cluster?.startRefresh() }, onUnsupported: { input.yield(.unsupported($0)) })
        var watch = ShardWatch(context, group: client.group, makeToken: { self.makeToken() })
        var observer: Int?
        if let cluster {
            observer = cluster.addObserver { input.yield(.topology($0)) }
            if let topology = cluster.topology { input.yield(.topology(topology)) } else { cluster.startRefresh() }
        } else {
            watch.watch(client.configuration.endpoints[0])
        }
        // A cluster none of whose members can be reached is asked again.
        let asking = Task {
            while let cluster, cluster.topology == nil, !Task.isCancelled {
                await cluster.startRefresh().value
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        var failure: RemoteStoreError?
        loop: for await change in changes {
            switch change {
            case .topology(let topology):
                await watch.follow(topology)
            case .unsupported(let error):
                failure = RemoteStoreError(error)
                break loop
            }
        }
        asking.cancel()
        if let observer { cluster?.removeObserver(observer) }
        await watch.stop()
        if let failure { throw failure }
    }
}
