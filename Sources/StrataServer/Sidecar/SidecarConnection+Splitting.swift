import StrataRESP
import StrataRedis
import StrataTiering

/// Commands with several keys in front of a cluster, where the keys may live on several servers: each key has a command of its own, and the
/// replies are put together. As with any client of a cluster, such a command isn't carried out as one.
extension SidecarConnection {
    /// Takes a command whose keys may have to be split.
    ///
    /// - Returns: Whether it was one.
    func takeSplit(_ arguments: RESPArguments) -> Bool {
        guard server.isCluster, queued == nil, arguments.count > 2 else { return false }
        let command = arguments[0]
        if ["DEL", "UNLINK", "EXISTS", "TOUCH"].contains(where: { command.spells($0) }) {
            let keys = (1..<arguments.count).map { [UInt8](arguments[$0]) }
            let name = [UInt8](command)
            let changed = command.spells("EXISTS") || command.spells("TOUCH") ? [] : keys
            for key in changed { key.withUnsafeBytes { near.forget($0) } }
            forwardSplit(keys.map { RedisCommand(arguments: [name, $0]) }, .summed(keys: changed))
        } else if command.spells("MSET"), arguments.count % 2 == 1 {
            let keys = stride(from: 1, to: arguments.count, by: 2).map { [UInt8](arguments[$0]) }
            for key in keys { key.withUnsafeBytes { near.forget($0) } }
            let parts = stride(from: 1, to: arguments.count, by: 2).map { index in
                RedisCommand("SET", bytes: [[UInt8](arguments[index]), [UInt8](arguments[index + 1])])
            }
            forwardSplit(parts, .allDone(keys: keys))
        } else {
            return false
        }
        return true
    }

    /// Asks for strings one by one, as far as they aren't known.
    func forwardStrings(_ keys: [[UInt8]]) {
        let parts = keys.flatMap { key in
            [
                RedisCommand("GET", bytes: [key]),
                RedisCommand(arguments: [Array("PTTL".utf8), key], effect: .readOnly),
            ]
        }
        forwardSplit(parts, .gathered(keys: keys, keys.map { near.origin(of: $0) }))
    }

    private func forwardSplit(_ parts: [RedisCommand], _ treatment: Treatment) {
        commands += parts
        steps.append(.awaited(count: parts.count, treatment))
    }

    /// Puts replies together; the first that is an error stands for all.
    func completeSplit(_ treatment: Treatment, _ values: [RESPValue]) {
        if let error = values.first(where: \.isError) { return writer.value(error) }
        switch treatment {
        case .summed: writer.integer(values.reduce(0) { $0 &+ ($1.integer ?? 0) })
        case .allDone: writer.simpleString("OK" as StaticString)
        case .gathered(let keys, let origins):
            writer.arrayHeader(keys.count)
            for index in keys.indices where index * 2 + 1 < values.count {
                let start = writer.count
                writer.value(values[index * 2])
                guard let origin = origins[index] else { continue }
                near.keep(
                    reply: [UInt8](writer.bytes[start...]), NearCache.getName(version: writer.version), of: keys[index],
                    origin, timeToLive: values[index * 2 + 1].integer)
            }
        default: break
        }
    }
}
