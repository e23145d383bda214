import StrataRESP
public import StrataTiering

/// The words of the commands that a read consists of.
private enum Words {
    static let hmget = Array("HMGET".utf8)
    static let pttl = Array("PTTL".utf8)
    static let hpttl = Array("HPTTL".utf8)
    static let fields = Array("FIELDS".utf8)
    static let time = Array("TIME".utf8)
}

extension RedisStore {
    /// Reads fields of a hash in one round trip.
    ///
    /// All of it is of one moment, or, while changes of the key are reported to somebody who observes this store, the values are of a moment
    /// before that of the deadlines: if something was changed in between, that is reported. Deadlines are reckoned from before the request was
    /// sent: never later than the server's.
    public func read(
        _ key: [UInt8], _ fields: FieldSelection, deadline: Instant
    ) async throws(RemoteStoreError) -> RemoteHash {
        if !client.servers.isKnown { try await connect(deadline: deadline) }
        switch fields {
        case .fields(let names): return try await read(key, names, deadline: deadline)
        case .all: return try await readAll(key, deadline: deadline)
        }
    }

    private func read(
        _ key: [UInt8], _ names: [[UInt8]], deadline: Instant
    ) async throws(RemoteStoreError) -> RemoteHash {
        guard !names.isEmpty else {
            let hash = try await readAll(key, deadline: deadline)
            return RemoteHash(fields: [], deadline: hash.deadline, exists: hash.exists)
        }
        let start = clock.now()
        let areNative = client.servers.haveFieldDeadlines
        // Of the server's time only deadlines inside of values want to know.
        let last =
            areNative
            ? [Words.hpttl, key, Words.fields, Array(String(names.count).utf8)] + names : [Words.time]
        // The values first: their deadlines may be those of what came after them, which is reported, but not of what was there before.
        let parts = [[Words.hmget, key] + names, [Words.pttl, key], last]
        let values =
            streams.report(key, on: shard(of: key))
            ? try await commands(parts, effect: .readOnly, key: key, deadline: deadline)
            : try await transaction(parts, key, deadline: deadline)
        for value in values { try check(value, key) }
        guard let keyTime = values[1].integer, let contents = values[0].elements, contents.count == names.count else {
            throw malformed("HMGET", key)
        }
        let times = areNative ? values[2].elements ?? [] : []
        var now = areNative ? nil : Self.unixMilliseconds(values[2])
        var hasLive = false
        var hasExpired = false
        var result: [RemoteField] = []
        result.reserveCapacity(names.count)
        for (index, name) in names.enumerated() {
            guard let bytes = contents[index].bytes else {
                result.append(RemoteField(name: name, content: .missing))
                continue
            }
            let opened = FieldEnvelope.open(bytes)
            if opened.unixDeadline != nil, now == nil { now = try await serverTime(key, deadline: deadline) }
            let time = index < times.count ? times[index].integer : nil
            if let field = field(name, opened, time: time, now: now ?? 0, start: start) {
                hasLive = true
                result.append(field)
            } else {
                hasExpired = true
                result.append(RemoteField(name: name, content: .missing))
            }
        }
        var exists = keyTime != -2
        // A hash that holds nothing but fields whose time is over doesn't exist any more: rare enough to look again.
        if exists, hasExpired, !hasLive { exists = try await readAll(key, deadline: deadline).exists }
        return RemoteHash(fields: result, deadline: exists ? moment(keyTime, start) : nil, exists: exists)
    }

    /// The server's time of day, asked for.
    ///
    /// Later than what it is asked for, so a field whose time was nearly over may count as ended: never the other way round.
    private func serverTime(_ key: [UInt8], deadline: Instant) async throws(RemoteStoreError) -> Int64 {
        let reply = try await commands([["TIME"].bytes], effect: .readOnly, key: key, deadline: deadline)[0]
        guard let time = Self.unixMilliseconds(reply) else { throw malformed("TIME", key) }
        return time
    }

    private func readAll(_ key: [UInt8], deadline: Instant) async throws(RemoteStoreError) -> RemoteHash {
        let start = clock.now()
        let keyTime: Int64?
        let now: Int64?
        var entries: [(name: [UInt8], value: [UInt8], time: Int64?)] = []
        if client.servers.haveFieldDeadlines {
            let reply = try await run(StoreScripts.readAll, keys: [key], [], effect: .readOnly, deadline: deadline)
            guard let parts = reply.elements, parts.count == 3, let flat = parts[2].elements,
                flat.count.isMultiple(of: 3)
            else { throw malformed("a read", key) }
            keyTime = parts[0].integer
            now = Self.unixMilliseconds(parts[1])
            for index in stride(from: 0, to: flat.count, by: 3) {
                guard let name = flat[index].bytes, let value = flat[index + 1].bytes else {
                    throw malformed("a read", key)
                }
                entries.append((name, value, flat[index + 2].integer))
            }
        } else {
            let parts = [["TIME"].bytes, ["PTTL"].bytes + [key], ["HGETALL"].bytes + [key]]
            let values = try await transaction(parts, key, deadline: deadline)
            for value in values { try check(value, key) }
            guard let pairs = values[2].pairs else { throw malformed("HGETALL", key) }
            keyTime = values[1].integer
            now = Self.unixMilliseconds(values[0])
            for pair in pairs {
                guard let name = pair.key.bytes, let value = pair.value.bytes else { throw malformed("HGETALL", key) }
                entries.append((name, value, nil))
            }
        }
        guard let keyTime, let now else { throw malformed("a read", key) }
        let fields = entries.compactMap {
            field($0.name, FieldEnvelope.open($0.value), time: $0.time, now: now, start: start)
        }
        let exists = keyTime != -2 && !fields.isEmpty
        return RemoteHash(fields: fields, deadline: exists ? moment(keyTime, start) : nil, exists: exists)
    }

    /// Carries out commands as one; their replies.
    private func transaction(
        _ parts: [[[UInt8]]], _ key: [UInt8], deadline: Instant
    ) async throws(RemoteStoreError) -> [RESPValue] {
        let replies = try await commands(
            CommandBatch.transaction(parts), effect: .readOnly, key: key, deadline: deadline)
        for reply in replies.dropLast() { try check(reply, key) }
        try check(replies[replies.count - 1], key)
        guard let values = replies[replies.count - 1].elements, values.count == parts.count else {
            throw malformed("EXEC", key)
        }
        return values
    }

    /// A field as it was read; `nil` if its time is over.
    ///
    /// `time` is what `HPTTL` said, `now` the server's time of day, `start` when the request was sent.
    private func field(
        _ name: [UInt8], _ opened: FieldEnvelope.Opened, time: Int64?, now: Int64, start: Instant
    ) -> RemoteField? {
        var deadline = time.flatMap { moment($0, start) }
        if let unixDeadline = opened.unixDeadline {
            guard unixDeadline > now else { return nil }
            let inside = start.advanced(by: .milliseconds(unixDeadline - now))
            deadline = min(deadline ?? inside, inside)
        }
        return RemoteField(name: name, content: opened.content, deadline: deadline)
    }

    /// The moment that is so many milliseconds away; `nil` for the negative numbers that mean none.
    private func moment(_ milliseconds: Int64, _ start: Instant) -> Instant? {
        milliseconds >= 0 ? start.advanced(by: .milliseconds(milliseconds)) : nil
    }

    /// What `TIME` says, in milliseconds.
    private static func unixMilliseconds(_ reply: RESPValue) -> Int64? {
        guard let parts = reply.elements, parts.count == 2, let seconds = parts[0].integer, let rest = parts[1].integer
        else {
            return nil
        }
        return seconds * 1000 + rest / 1000
    }
}
