import StrataRESP
import StrataTiering

extension ClusterTopology {
    /// The shards in an answer to `CLUSTER SHARDS` (Redis from 7.0).
    ///
    /// A member that is down and has no slots, as an old primary after a failover, is left out.
    ///
    /// - Parameters:
    ///   - reply: The answer.
    ///   - asked: Who was asked: stands for a member that doesn't know its own address.
    ///   - usesTLS: Whether to take the port for TLS.
    /// - Returns: `nil` if this isn't such an answer.
    static func shards(in reply: RESPValue, asked: RedisEndpoint, usesTLS: Bool) -> [Shard]? {
        guard let entries = reply.elements else { return nil }
        var shards: [Shard] = []
        for entry in entries {
            guard let bounds = entry["slots"]?.elements?.compactMap(\.integer), bounds.count.isMultiple(of: 2),
                let nodes = entry["nodes"]?.elements
            else { return nil }
            var primary: RedisEndpoint?
            var replicas: [RedisEndpoint] = []
            var names: [String] = []
            for node in nodes {
                guard let name = node["id"]?.text else { return nil }
                let isPrimary = node["role"]?.text == "master"
                let isDown = node["health"]?.text == "fail"
                if isPrimary, isDown, bounds.isEmpty { continue }
                guard let endpoint = endpoint(of: node, asked: asked, usesTLS: usesTLS) else { continue }
                if isPrimary, primary == nil || !isDown {
                    if let primary { replicas.append(primary) }
                    primary = endpoint
                    names.insert(name, at: 0)
                } else {
                    replicas.append(endpoint)
                    names.append(name)
                }
            }
            guard let primary else { continue }
            shards.append(
                Shard(
                    id: .single, primary: primary, replicas: replicas.sorted { $0.description < $1.description },
                    nodeIDs: names, slots: ranges(bounds)))
        }
        return shards
    }

    private static func endpoint(of node: RESPValue, asked: RedisEndpoint, usesTLS: Bool) -> RedisEndpoint? {
        let port = (usesTLS ? node["tls-port"]?.integer : nil) ?? node["port"]?.integer
        guard let port else { return nil }
        let host = [node["endpoint"]?.text, node["ip"]?.text].lazy.compactMap { $0 }.first { !$0.isEmpty && $0 != "?" }
        return RedisEndpoint(host ?? asked.host, Int(port))
    }

    private static func ranges(_ bounds: [Int64]) -> [ClosedRange<Int>] {
        var ranges: [ClosedRange<Int>] = []
        for index in stride(from: 0, to: bounds.count, by: 2) {
            let (first, last) = (Int(bounds[index]), Int(bounds[index + 1]))
            if first >= 0, last < HashSlot.count, first <= last { ranges.append(first...last) }
        }
        return ranges.sorted { $0.lowerBound < $1.lowerBound }
    }

    /// The shards in an answer to `CLUSTER SLOTS`, which older servers have.
    ///
    /// - Parameters:
    ///   - reply: The answer.
    ///   - asked: Who was asked: stands for a member that doesn't know its own address.
    /// - Returns: `nil` if this isn't such an answer.
    static func shards(inSlots reply: RESPValue, asked: RedisEndpoint) -> [Shard]? {
        guard let entries = reply.elements else { return nil }
        var shards: [RedisEndpoint: Shard] = [:]
        for entry in entries {
            guard let parts = entry.elements, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer
            else { return nil }
            var members: [(RedisEndpoint, String)] = []
            for part in parts[2...] {
                guard let node = part.elements, node.count >= 2, let port = node[1].integer else { return nil }
                let host = node[0].text.flatMap { $0.isEmpty || $0 == "?" ? nil : $0 } ?? asked.host
                let endpoint = RedisEndpoint(host, Int(port))
                members.append((endpoint, node.count > 2 ? node[2].text ?? endpoint.description : endpoint.description))
            }
            let primary = members[0].0
            let ranges = ranges([first, last])
            shards[
                primary,
                default: Shard(
                    id: .single, primary: primary,
                    replicas: members.dropFirst().map(\.0).sorted { $0.description < $1.description },
                    nodeIDs: members.map(\.1), slots: [])
            ].slots += ranges
        }
        return shards.values.map { shard in
            var shard = shard
            shard.slots.sort { $0.lowerBound < $1.lowerBound }
            return shard
        }
    }
}
