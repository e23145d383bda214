/// What a ``RemoteStore`` reports about the keys that somebody observes.
public enum InvalidationEvent: Hashable, Sendable {
    /// From here on changes of this shard's keys are reported. The epoch is another one each time, greater than all before.
    case connected(ShardID, epoch: UInt64)
    /// These keys were changed, removed, or ended.
    case keys(ShardID, [[UInt8]])
    /// A lease of each of these keys has ended: who waited for it may look again. The keys themselves needn't have changed.
    case leases(ShardID, [[UInt8]])
    /// All keys of the shard were removed, or may have been.
    case everything(ShardID)
    /// A change made for the purpose came back: so long does a report take, and the stream is alive at this moment.
    case canary(ShardID, lag: Duration)
    /// From here on changes go unreported.
    case disconnected(ShardID, reason: String)
}
