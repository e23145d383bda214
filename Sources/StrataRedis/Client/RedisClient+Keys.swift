import StrataRESP

extension RedisClient {
    /// The values of string keys, in order; in a cluster by one round trip to each server that has some of them.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - timeout: When to give up; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Returns: For each key its value, or `nil` where there is none or something that is no string.
    /// - Throws: ``RedisError``, also if only one server fails.
    public func getAll(_ keys: [[UInt8]], timeout: Duration? = nil) async throws(RedisError) -> [[UInt8]?] {
        var values = [[UInt8]?](repeating: nil, count: keys.count)
        let groups = grouped(keys.indices) { keys[$0] }
        let replies = await pipeline(
            groups.map { group in RedisCommand("MGET", bytes: group.map { keys[$0] }) }, timeout: timeout)
        for (group, reply) in zip(groups, replies) {
            let reply = try Self.answer(reply)
            guard let elements = reply.elements, elements.count == group.count else {
                throw RedisError(.malformedAnswer, "MGET was answered by something else")
            }
            for (index, element) in zip(group, elements) { values[index] = element.bytes }
        }
        return values
    }

    /// Sets string keys; each slot's as a whole, all of them not.
    ///
    /// - Parameters:
    ///   - values: Keys with their values.
    ///   - timeout: When to give up; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Throws: ``RedisError``: some keys may have been set.
    public func setAll(_ values: [(key: [UInt8], value: [UInt8])], timeout: Duration? = nil) async throws(RedisError) {
        let groups = grouped(values.indices) { values[$0].key }
        let commands = groups.map { group in
            RedisCommand("MSET", bytes: group.flatMap { [values[$0].key, values[$0].value] }, effect: .idempotent)
        }
        for reply in await pipeline(commands, timeout: timeout) { _ = try Self.answer(reply) }
    }

    /// Removes keys of any type; the servers free their memory in the background.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - timeout: When to give up; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Returns: How many there were; fewer if a lost connection made it necessary to ask twice.
    /// - Throws: ``RedisError``: some keys may have been removed.
    @discardableResult
    public func remove(_ keys: [[UInt8]], timeout: Duration? = nil) async throws(RedisError) -> Int {
        try await sum("UNLINK", keys, timeout)
    }

    /// How many of the keys there are; one that is named twice counts twice.
    ///
    /// - Parameters:
    ///   - keys: The keys.
    ///   - timeout: When to give up; ``RedisConfiguration/commandTimeout`` if `nil`.
    /// - Returns: The number.
    /// - Throws: ``RedisError``.
    public func existingCount(_ keys: [[UInt8]], timeout: Duration? = nil) async throws(RedisError) -> Int {
        try await sum("EXISTS", keys, timeout)
    }

    private func sum(_ name: String, _ keys: [[UInt8]], _ timeout: Duration?) async throws(RedisError) -> Int {
        let groups = grouped(keys.indices) { keys[$0] }
        var sum = 0
        for reply in await pipeline(
            groups.map { group in RedisCommand(name, bytes: group.map { keys[$0] }) }, timeout: timeout)
        {
            sum += Int(try Self.answer(reply).integer ?? 0)
        }
        return sum
    }

    /// Indices by the slots of their keys, as a command needs them: all in one for a single server.
    private func grouped(_ indices: Range<Int>, _ key: (Int) -> [UInt8]) -> [[Int]] {
        guard !indices.isEmpty else { return [] }
        guard cluster != nil else { return [Array(indices)] }
        return Array(Dictionary(grouping: indices) { HashSlot(of: key($0)).number }.values)
    }

    private static func answer(_ result: Result<RESPValue, RedisError>) throws(RedisError) -> RESPValue {
        let reply = try result.get()
        if let message = reply.errorMessage { throw RedisError(.refused, message) }
        return reply
    }
}
