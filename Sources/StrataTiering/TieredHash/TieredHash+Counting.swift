public import Strata

extension TieredHash {
    /// Adds to an integer in a field of the second tier, which counts as 0 where there is none.
    ///
    /// Always goes to the second tier, whatever the policy: only there can it be added up. If no answer comes, it isn't known
    /// whether it was counted (``TieredError/Code/unknownOutcome``), and it isn't tried again.
    ///
    /// - Returns: The sum.
    /// - Throws: ``TieredError``.
    @discardableResult
    public nonisolated(nonsending) func increment(
        _ key: some ByteKey, _ field: some ByteKey, by amount: Int64 = 1, options: TieredWriteOptions = .init()
    ) async throws -> Int64 {
        try await increment(key.copied, [(field.copied, amount)], options)[0]
    }

    /// Adds to several fields of a hash, one after the other.
    ///
    /// - Returns: The sums, in the order of the names.
    /// - Throws: ``TieredError``; then some may have been counted.
    @discardableResult
    public nonisolated(nonsending) func increment(
        _ key: some ByteKey, by amounts: [[UInt8]: Int64], options: TieredWriteOptions = .init()
    ) async throws -> [[UInt8]: Int64] {
        let amounts = amounts.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let sums = try await increment(key.copied, amounts.map { ($0.key, $0.value) }, options)
        return Dictionary(uniqueKeysWithValues: zip(amounts.map(\.key), sums))
    }

    private nonisolated(nonsending) func increment(
        _ key: [UInt8], _ amounts: [(name: [UInt8], amount: Int64)], _ options: TieredWriteOptions
    ) async throws(TieredError) -> [Int64] {
        let deadline = deadline(of: options.budget)
        return try await owned(until: deadline) { () throws(TieredError) in
            guard await self.queue.settle(key, until: deadline) else {
                throw TieredError(.timeout, "older writes of the key are still queued")
            }
            var sums: [Int64] = []
            for (name, amount) in amounts {
                sums.append(try await self.increment(key, name, by: amount, until: deadline))
            }
            return sums
        }
    }

    private func increment(
        _ key: [UInt8], _ name: [UInt8], by amount: Int64, until deadline: Instant
    ) async throws(TieredError) -> Int64 {
        let shard = remote.shard(of: key)
        let lifetime = keyLifetime(configuration.defaultLifetime)
        let limit = remoteDeadline(within: deadline)
        // How long the field lives isn't part of the answer: only what was known before can be known after.
        let known = local.find(key, [name], now: clock.now(), maximumStaleness: nil).fields[0]
        let origin = local.announceChange(of: key, on: shard)
        let remote = remote
        counters.add(.remoteWrites)
        do throws(RemoteStoreError) {
            let sum = try await gates[shard].call(shard, until: limit) { () throws(RemoteStoreError) in
                try await remote.increment(key, name, by: amount, keyLifetime: lifetime, deadline: limit)
            }
            if let known, known.verdict == .fresh, case .value = known.content {
                local.overwrite(
                    [LocalFill(name: name, content: .value(Array(String(sum).utf8)), deadline: known.deadline)], key,
                    origin)
            } else {
                local.drop(key, fields: [name])
            }
            return sum
        } catch {
            counters.add(.remoteFailures)
            local.drop(key, fields: [name])
            throw TieredError(error)
        }
    }
}
