import StrataRESP
public import StrataTiering

extension RedisStore {
    /// Reads fields of a hash in one round trip and as of one moment.
    ///
    /// Deadlines are reckoned from before the request was sent: never later than the server's.
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
        let start = clock.now()
        let asksDeadlines = client.servers.haveFieldDeadlines && !names.isEmpty
        var parts: [[[UInt8]]] = [["TIME"].bytes, ["PTTL"].bytes + [key], ["HLEN"].bytes + [key]]
        if !names.isEmpty { parts.append(["HMGET"].bytes + [key] + names) }
        if asksDeadlines { parts.append(["HPTTL"].bytes + [key] + ["FIELDS", String(names.count)].bytes + names) }
        let values = try await transaction(parts, key, deadline: deadline)
        for value in values { try check(value, key) }
        guard let now = Self.unixMilliseconds(values[0]), let keyTime = values[1].integer,
            let length = values[2].integer
        else {
            throw malformed("a read", key)
        }
        guard !names.isEmpty else {
            return RemoteHash(fields: [], deadline: moment(keyTime, start), exists: keyTime != -2)
        }
        guard let contents = values[3].elements, contents.count == names.count else { throw malformed("HMGET", key) }
        let times = asksDeadlines ? values[4].elements ?? [] : []
        var expired: Set<[UInt8]> = []
        var result: [RemoteField] = []
        result.reserveCapacity(names.count)
        for (index, name) in names.enumerated() {
            guard let bytes = contents[index].bytes else {
                result.append(RemoteField(name: name, content: .missing))
                continue
            }
            let time = index < times.count ? times[index].integer : nil
            if let field = field(name, bytes, time: time, now: now, start: start) {
                result.append(field)
            } else {
                expired.insert(name)
                result.append(RemoteField(name: name, content: .missing))
            }
        }
        // A hash that holds nothing but fields whose time is over doesn't exist any more.
        let exists = keyTime != -2 && length > Int64(expired.count)
        return RemoteHash(fields: result, deadline: exists ? moment(keyTime, start) : nil, exists: exists)
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
        let fields = entries.compactMap { field($0.name, $0.value, time: $0.time, now: now, start: start) }
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
    private func field(_ name: [UInt8], _ bytes: [UInt8], time: Int64?, now: Int64, start: Instant) -> RemoteField? {
        let opened = FieldEnvelope.open(bytes)
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
