import StrataTiering

/// Which server of a cluster has which slots, as one of them said it.
///
/// A value; pure.
struct ClusterTopology: Hashable, Sendable {
    /// A primary with its replicas and slots.
    struct Shard: Hashable, Sendable {
        /// What it is called in this process, through all failovers.
        var id: ShardID
        var primary: RedisEndpoint
        var replicas: [RedisEndpoint]
        /// The cluster's own names of all members, the primary's first.
        var nodeIDs: [String]
        var slots: [ClosedRange<Int>]

        var slotCount: Int { slots.reduce(0) { $0 + $1.count } }
    }

    static let unowned = UInt16.max

    private(set) var shards: [Shard]
    /// For each slot the index in `shards` of who has it.
    private(set) var owners: [UInt16]
    private var nextID: Int

    /// Shards as a server listed them, numbered in order of their first slots.
    init(_ shards: [Shard] = []) {
        let sorted = shards.sorted { Self.order($0) < Self.order($1) }
        self.init(
            sorted.enumerated().map { index, shard in
                var shard = shard
                shard.id = ShardID(index)
                return shard
            }, nextID: sorted.count)
    }

    private init(_ shards: [Shard], nextID: Int) {
        self.shards = shards
        self.nextID = nextID
        owners = [UInt16](repeating: Self.unowned, count: HashSlot.count)
        for (index, shard) in shards.enumerated() {
            for range in shard.slots {
                for slot in range where slot < HashSlot.count { owners[slot] = UInt16(index) }
            }
        }
    }

    private static func order(_ shard: Shard) -> (Int, String) {
        (shard.slots.map(\.lowerBound).min() ?? HashSlot.count, shard.nodeIDs.first ?? "")
    }

    /// Who has a slot.
    ///
    /// O(1).
    func shard(ofSlot slot: Int) -> Shard? {
        let owner = owners[slot]
        return owner == Self.unowned ? nil : shards[Int(owner)]
    }

    /// All servers, replicas included.
    var endpoints: Set<RedisEndpoint> { Set(shards.flatMap { [$0.primary] + $0.replicas }) }

    /// Whether every slot belongs to somebody.
    var isComplete: Bool { !owners.contains(Self.unowned) }

    /// What a server says now, with the shards called as they are here.
    ///
    /// A shard is the one of before that it shares a member with; among several, the one it shares most slots with. A failover
    /// keeps the members and exchanges the primary, a migration keeps the members and moves slots: both keep the name.
    ///
    /// - Complexity: O(shards² · slot ranges).
    func updated(with listed: [Shard]) -> ClusterTopology {
        guard !shards.isEmpty else { return ClusterTopology(listed) }
        var candidates: [(score: Int, old: Int, new: Int)] = []
        for (newIndex, new) in listed.enumerated() {
            for (oldIndex, old) in shards.enumerated() {
                let sharesMember = !Set(new.nodeIDs).isDisjoint(with: old.nodeIDs)
                let score = (sharesMember ? 2 * HashSlot.count : 0) + Self.sharedSlotCount(new, old)
                if score > 0 { candidates.append((score, oldIndex, newIndex)) }
            }
        }
        candidates.sort { ($0.score, $1.old, $1.new) > ($1.score, $0.old, $0.new) }
        var names: [Int: ShardID] = [:]
        var taken: Set<Int> = []
        for candidate in candidates where names[candidate.new] == nil && !taken.contains(candidate.old) {
            names[candidate.new] = shards[candidate.old].id
            taken.insert(candidate.old)
        }
        var nextID = nextID
        var named = listed
        for index in named.indices.sorted(by: { Self.order(named[$0]) < Self.order(named[$1]) }) {
            if let name = names[index] {
                named[index].id = name
            } else {
                named[index].id = ShardID(nextID)
                nextID += 1
            }
        }
        return ClusterTopology(named.sorted { $0.id.index < $1.id.index }, nextID: nextID)
    }

    private static func sharedSlotCount(_ first: Shard, _ second: Shard) -> Int {
        var count = 0
        for a in first.slots {
            for b in second.slots {
                count += max(0, min(a.upperBound, b.upperBound) - max(a.lowerBound, b.lowerBound) + 1)
            }
        }
        return count
    }

    /// Notes that a slot has gone to a server, if that is a known primary; the rest shows at the next refresh.
    mutating func move(slot: Int, to endpoint: RedisEndpoint) {
        guard let index = shards.firstIndex(where: { $0.primary == endpoint }) else { return }
        owners[slot] = UInt16(index)
    }
}
