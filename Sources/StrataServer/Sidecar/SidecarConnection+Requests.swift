import StrataRESP
import StrataRedis
import StrataTiering

/// What becomes of a request.
extension SidecarConnection {
    /// Takes one request.
    ///
    /// - Returns: Whether it was taken; if not, it is to be offered again when what is gathered is through.
    func take(_ arguments: RESPArguments) -> Bool {
        guard isAuthenticated || Self.isAllowedUnauthenticated(arguments) else {
            reply { $0.error("NOAUTH Authentication required.") }
            return true
        }
        let kind = SidecarCommand.kind(of: arguments)
        if queued != nil, kind != .transaction, !Self.isConnectionCommand(arguments) {
            enqueue(arguments, kind)
            return true
        }
        if takeSplit(arguments) { return true }
        switch kind {
        case .field: takeField(arguments)
        case .fields: takeFields(arguments)
        case .wholeHash: takeHash(arguments)
        case .reply: takeReply(arguments)
        case .strings: takeStrings(arguments)
        case .otherRead: forward(Self.command(arguments), .passOn)
        case .own: return takeOwn(arguments)
        case .transaction: return takeTransaction(arguments)
        case .session: return openTunnel(arguments)
        case .removesEverything:
            near.forgetEverything()
            forward(Self.command(arguments), .removedEverything)
        case .write:
            let keys = Self.keys(arguments)
            for key in keys { key.withUnsafeBytes { near.forget($0) } }
            forward(Self.command(arguments), .changed(keys: keys))
        }
        return true
    }

    /// Sends a command along with others behind it, and treats what comes back.
    func forward(_ command: RedisCommand, _ treatment: Treatment, followedBy followers: [RedisCommand] = []) {
        commands.append(command)
        commands += followers
        steps.append(.awaited(count: 1 + followers.count, treatment))
    }

    /// The request as a command.
    static func command(_ arguments: RESPArguments) -> RedisCommand {
        RedisCommand(arguments: (0..<arguments.count).map { [UInt8](arguments[$0]) })
    }

    /// Whatever a request may name: without knowing each command of each version, any argument may be a key.
    static func keys(_ arguments: RESPArguments) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        for index in 1..<max(arguments.count, 1) where arguments[index].count <= NearCache.maximumKeyLength {
            keys.append([UInt8](arguments[index]))
        }
        return keys
    }

    private static func isAllowedUnauthenticated(_ arguments: RESPArguments) -> Bool {
        ["AUTH", "HELLO", "QUIT", "RESET"].contains { arguments[0].spells($0) }
    }

    /// Whether a command is answered at once inside a transaction too.
    private static func isConnectionCommand(_ arguments: RESPArguments) -> Bool {
        arguments[0].spells("QUIT") || arguments[0].spells("RESET")
    }

    private static let timeToLive = Array("PTTL".utf8)
    private static func timeToLive(of key: [UInt8]) -> RedisCommand {
        RedisCommand(arguments: [timeToLive, key], effect: .readOnly)
    }

    // MARK: Reads

    private func takeField(_ arguments: RESPArguments) {
        let key = arguments[1]
        fieldName.removeAll(keepingCapacity: true)
        fieldName.append(UInt8(ascii: "f"))
        fieldName.append(contentsOf: arguments[2])
        if look(key, fieldName, isReply: false) { return }
        near.statistics.add(.misses)
        let bytes = [UInt8](key)
        let names = [[UInt8](arguments[2])]
        let origin = near.origin(of: bytes)
        forward(
            Self.command(arguments), .keepFields(key: bytes, names: names, origin, isSingle: true),
            followedBy: origin == nil ? [] : followers(bytes, names))
    }

    private func takeReply(_ arguments: RESPArguments) {
        let key = arguments[1]
        NearCache.replyName(arguments, version: writer.version, into: &fieldName)
        if look(key, fieldName, isReply: true) { return }
        near.statistics.add(.misses)
        let bytes = [UInt8](key)
        let origin = near.origin(of: bytes)
        forward(
            Self.command(arguments), .keepReply(key: bytes, name: fieldName, origin),
            followedBy: origin == nil ? [] : [Self.timeToLive(of: bytes)])
    }

    /// Answers from the near cache.
    ///
    /// - Returns: Whether it could.
    private func look(_ key: UnsafeRawBufferPointer, _ name: [UInt8], isReply: Bool) -> Bool {
        let isAtEnd = steps.isEmpty
        let writer = isAtEnd ? writer : scratch
        if !isAtEnd {
            scratch.version = self.writer.version
            scratch.removeAll()
        }
        let isFound = name.withUnsafeBytes { name in
            near.tier.withGlance(key, name) { glance in
                switch glance {
                case .value(let bytes, let isSuspect):
                    guard mayServe(isSuspect) else { return false }
                    if isReply { writer.raw(bytes) } else { writer.bulk(bytes) }
                case .missing(let isSuspect):
                    // A hash that is completely known tells nothing of replies.
                    guard !isReply, mayServe(isSuspect) else { return false }
                    writer.null()
                case .unknown: return false
                }
                return true
            }
        }
        guard isFound else { return false }
        near.statistics.add(.hits)
        if !isAtEnd { steps.append(.reply([UInt8](scratch.bytes))) }
        return true
    }

    /// Whether something may be served at once; what is suspect only while it can't be asked for.
    private func mayServe(_ isSuspect: Bool) -> Bool {
        guard isSuspect else { return true }
        guard server.isUpstreamDown else { return false }
        near.statistics.add(.suspectsServed)
        return true
    }

    private func takeFields(_ arguments: RESPArguments) {
        let key = arguments[1]
        var values: [[UInt8]?] = []
        values.reserveCapacity(arguments.count - 2)
        for index in 2..<arguments.count {
            let name = NearCache.fieldName(arguments[index])
            let value: [UInt8]?? = name.withUnsafeBytes { name in
                near.tier.withGlance(key, name) { glance -> [UInt8]?? in
                    switch glance {
                    case .value(let bytes, let isSuspect): mayServe(isSuspect) ? .some([UInt8](bytes)) : nil
                    case .missing(let isSuspect): mayServe(isSuspect) ? .some(nil) : nil
                    case .unknown: nil
                    }
                }
            }
            guard let value else { break }
            values.append(value)
        }
        if values.count == arguments.count - 2 {
            near.statistics.add(.hits)
            return reply { writer in
                writer.arrayHeader(values.count)
                for value in values { if let value { writer.bulk(value) } else { writer.null() } }
            }
        }
        near.statistics.add(.misses)
        let bytes = [UInt8](key)
        guard let origin = near.origin(of: bytes) else { return forward(Self.command(arguments), .passOn) }
        let names = (2..<arguments.count).map { [UInt8](arguments[$0]) }
        forward(
            Self.command(arguments), .keepFields(key: bytes, names: names, origin, isSingle: false),
            followedBy: followers(bytes, names))
    }

    /// What else has to be known to keep fields.
    private func followers(_ key: [UInt8], _ names: [[UInt8]]) -> [RedisCommand] {
        var followers = [Self.timeToLive(of: key)]
        if near.asksForFieldDeadlines {
            let words = [Array("HPTTL".utf8), key, Array("FIELDS".utf8), Array(String(names.count).utf8)]
            followers.append(RedisCommand(arguments: words + names, effect: .readOnly))
        }
        return followers
    }

    private func takeHash(_ arguments: RESPArguments) {
        let key = [UInt8](arguments[1])
        if let found = near.findAll(key), mayServe(found.isSuspect) {
            near.statistics.add(.hits)
            return reply { writer in
                writer.mapHeader(found.fields.count)
                for field in found.fields {
                    writer.bulk(field.name)
                    writer.bulk(field.value)
                }
            }
        }
        near.statistics.add(.misses)
        guard let origin = near.origin(of: key) else { return forward(Self.command(arguments), .passOn) }
        var followers = [Self.timeToLive(of: key)]
        if near.asksForFieldDeadlines {
            followers.append(
                RedisCommand(
                    arguments: [Array("OBJECT".utf8), Array("ENCODING".utf8), key], effect: .readOnly))
        }
        forward(Self.command(arguments), .keepHash(key: key, origin), followedBy: followers)
    }

    private func takeStrings(_ arguments: RESPArguments) {
        let name = NearCache.getName(version: writer.version)
        var values: [[UInt8]] = []
        values.reserveCapacity(arguments.count - 1)
        for index in 1..<arguments.count {
            let value: [UInt8]? = name.withUnsafeBytes { name in
                near.tier.withGlance(arguments[index], name) { glance in
                    guard case .value(let bytes, let isSuspect) = glance, mayServe(isSuspect) else { return nil }
                    return [UInt8](bytes)
                }
            }
            guard let value else { break }
            values.append(value)
        }
        if values.count == arguments.count - 1 {
            near.statistics.add(.hits)
            return reply { writer in
                writer.arrayHeader(values.count)
                for value in values { value.withUnsafeBytes { writer.raw($0) } }
            }
        }
        near.statistics.add(.misses)
        let keys = (1..<arguments.count).map { [UInt8](arguments[$0]) }
        guard !server.isCluster else { return forwardStrings(keys) }
        forward(
            Self.command(arguments), .keepStrings(keys: keys, keys.map { near.origin(of: $0) }),
            followedBy: keys.map(Self.timeToLive))
    }
}

extension NearCache {
    /// All fields of a hash that is completely known.
    func findAll(_ key: [UInt8]) -> (fields: [(name: [UInt8], value: [UInt8])], isSuspect: Bool)? {
        let now = TieringClock.system.now()
        guard let found = tier.findAll(key, now: now, maximumStaleness: nil) else { return nil }
        var isSuspect = false
        switch found.verdict {
        case .fresh: break
        case .servable: isSuspect = true
        case .onlyInNeed, .unusable: return nil
        }
        let fields = found.fields.compactMap { field -> (name: [UInt8], value: [UInt8])? in
            guard field.name.first == UInt8(ascii: "f"), let value = field.value else { return nil }
            return (Array(field.name.dropFirst()), value)
        }
        return (fields, isSuspect)
    }
}
