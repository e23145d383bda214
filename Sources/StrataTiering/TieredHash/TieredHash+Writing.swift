public import Strata

extension TieredHash {
    /// Writes the source of what is being cached.
    public typealias SourceWriter = @Sendable () async throws -> Void

    /// Sets a field.
    ///
    /// The writer sees it at once, whatever others see; see ``set(_:_:lifetime:options:source:)-(_,[[UInt8]:[UInt8]],_,_,_)``.
    @discardableResult
    public nonisolated(nonsending) func set(
        _ key: some ByteKey, _ field: some ByteKey, to value: some ByteKey, lifetime: Duration? = nil,
        options: TieredWriteOptions = .init(), source: SourceWriter? = nil
    ) async throws -> TieredWriteOutcome {
        try await set(key, [field.copied: value.copied], lifetime: lifetime, options: options, source: source)
    }

    /// Sets several fields of a hash in one write.
    ///
    /// What was begun goes on when the caller is cancelled; then it isn't known how it ends.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - values: Names and values.
    ///   - lifetime: How long they live; `nil` for the configured time. In the second tier a little less, at random.
    ///   - options: The order in which tiers are told, and whether the second one must be.
    ///   - source: Writes the source, if that is part of it. If it throws, nothing is set: with
    ///     ``TieredWriteOptions/Policy/cacheAside`` the fields are forgotten then.
    /// - Returns: The tiers that have it.
    /// - Throws: What `source` throws; ``TieredError``.
    @discardableResult
    public nonisolated(nonsending) func set(
        _ key: some ByteKey, _ values: [[UInt8]: [UInt8]], lifetime: Duration? = nil,
        options: TieredWriteOptions = .init(), source: SourceWriter? = nil
    ) async throws -> TieredWriteOutcome {
        let key = key.copied
        let deadline = deadline(of: options.budget)
        let lifetime = jittered(lifetime ?? configuration.defaultLifetime)
        guard !values.isEmpty else { return TieredWriteOutcome(tiers: [.local, .remote]) }
        let names = values.keys.sorted { $0.lexicographicallyPrecedes($1) }
        var tiers: Set<Tier> = []
        if options.policy == .cacheAside {
            let forgotten = HashWrite(removing: .fields(names))
            _ = try await change(key, forgotten, [], dropping: .fields(names), options, until: deadline)
        }
        if let source {
            do { try await source() } catch {
                counters.add(.sourceWriteFailures)
                throw error
            }
            tiers.insert(.source)
        }
        let end = clock.now().advanced(by: lifetime)
        if options.policy == .writeBehind {
            var pending = PendingChange()
            for name in names { pending[name] = .set(values[name] ?? [], deadline: end) }
            return try await enqueue(key, pending, fills(values, names, end), until: deadline).adding(tiers)
        }
        let fields = names.map { RemoteField(name: $0, content: .value(values[$0] ?? []), deadline: end) }
        let write = HashWrite(setting: fields, keyLifetime: .atLeast(keyLifetime(lifetime)))
        return try await change(
            key, write, fills(values, names, end), dropping: .fields(names), options, until: deadline
        ).adding(tiers)
    }

    private func fills(_ values: [[UInt8]: [UInt8]], _ names: [[UInt8]], _ end: Instant) -> [LocalFill] {
        let deadline = min(end, clock.now().advanced(by: configuration.local.maximumLifetime))
        return names.map { LocalFill(name: $0, content: .value(values[$0] ?? []), deadline: deadline) }
    }

    /// Writes to the second tier and then to the first.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - write: What the second tier is told.
    ///   - fills: What the first tier has then.
    ///   - dropped: What the first tier forgets if it isn't known what the second one has.
    ///   - options: Whether the second tier must be told.
    ///   - deadline: When to give up.
    /// - Returns: The tiers that have it.
    /// - Throws: Why the second tier doesn't have it, if it must.
    nonisolated(nonsending) func change(
        _ key: [UInt8], _ write: HashWrite, _ fills: [LocalFill], dropping dropped: FieldSelection,
        _ options: TieredWriteOptions, until deadline: Instant
    ) async throws(TieredError) -> TieredWriteOutcome {
        try await owned(until: deadline) { () throws(TieredError) in
            // What is queued is older, and must arrive before.
            guard await self.queue.settle(key, until: deadline) else {
                throw TieredError(.timeout, "older writes of the key are still queued")
            }
            let shard = self.remote.shard(of: key)
            let origin = self.local.announceChange(of: key, on: shard)
            let remote = self.remote
            let limit = self.remoteDeadline(within: deadline)
            let isWhole = dropped == .all
            self.counters.add(.remoteWrites)
            do throws(RemoteStoreError) {
                _ = try await self.traced(self.spanNames.write) { () async throws(RemoteStoreError) in
                    try await self.gates[shard].call(shard, until: limit) { () throws(RemoteStoreError) in
                        try await remote.write(key, write, deadline: limit)
                    }
                }
                let missing = self.clock.now().advanced(by: self.configuration.local.missingLifetime)
                if fills.isEmpty, !isWhole {
                    self.forget(key, dropped)
                } else {
                    self.local.overwrite(
                        fills, key, origin, replacingAll: isWhole, completeUntil: isWhole ? missing : nil)
                }
                return TieredWriteOutcome(tiers: [.remote, .local])
            } catch {
                self.counters.add(.remoteFailures)
                guard options.assurance == .bestEffort, error.isFault else {
                    self.forget(key, dropped)
                    throw TieredError(error)
                }
                self.keepInNeed(fills, key, origin, dropped)
                return TieredWriteOutcome(tiers: [.local], failure: error)
            }
        }
    }

    /// The second tier wasn't told: the first one has the value for as long as it may differ.
    private func keepInNeed(
        _ fills: [LocalFill], _ key: [UInt8], _ origin: LocalTier.Origin, _ dropped: FieldSelection
    ) {
        let bound = clock.now().advanced(by: configuration.suspectBound)
        guard !fills.isEmpty else { return forget(key, dropped) }
        local.overwrite(
            fills.map {
                LocalFill(name: $0.name, content: $0.content, deadline: min($0.deadline, bound), isLocalOnly: true)
            }, key, origin)
    }

    /// Makes the first tier forget.
    func forget(_ key: [UInt8], _ fields: FieldSelection) {
        switch fields {
        case .all: local.drop(key)
        case .fields(let names): local.drop(key, fields: names)
        }
    }

    /// Queues a change for the second tier; the first one has it at once.
    nonisolated(nonsending) func enqueue(
        _ key: [UInt8], _ change: PendingChange, _ fills: [LocalFill], until deadline: Instant
    ) async throws(TieredError) -> TieredWriteOutcome {
        try await owned(until: deadline) { () throws(TieredError) in
            let origin = self.local.announceChange(of: key, on: self.remote.shard(of: key))
            guard await self.queue.enqueue(key, change, until: deadline) else {
                throw TieredError(
                    .overloaded, "\(self.configuration.writeBehindCapacity) keys wait to be written already")
            }
            self.counters.add(.queuedWrites)
            self.local.overwrite(fills, key, origin, replacingAll: change.removesEverything)
            return TieredWriteOutcome(tiers: [.local], isQueued: true)
        }
    }
}

extension TieredWriteOutcome {
    func adding(_ tiers: Set<Tier>) -> TieredWriteOutcome {
        var outcome = self
        outcome.tiers.formUnion(tiers)
        return outcome
    }
}
