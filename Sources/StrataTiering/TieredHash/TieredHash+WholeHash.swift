public import Strata

extension TieredHash {
    /// A whole hash, from the first tier if that has all of it, else from the second.
    ///
    /// - Returns: Names and values; `nil` if the second tier has no such key.
    /// - Throws: ``TieredError``.
    public nonisolated(nonsending) func getAll(
        _ key: some ByteKey, options: TieredReadOptions = .init()
    ) async throws -> [[UInt8]: [UInt8]]? {
        try await fetchWhole(key.copied, options, nil)
    }

    /// A whole hash, from the first tier if that has all of it, else from the second, else from the source.
    ///
    /// A hash that the second tier has counts as all of it: keys whose fields are loaded one by one shouldn't be loaded as a whole.
    ///
    /// - Returns: Names and values; empty if the source has nothing.
    /// - Throws: What the loader throws; ``TieredError``.
    public nonisolated(nonsending) func loadAll(
        _ key: some ByteKey, options: TieredReadOptions = .init(), loader: @escaping HashLoader
    ) async throws -> [[UInt8]: [UInt8]] {
        try await fetchWhole(key.copied, options, loader) ?? [:]
    }

    private nonisolated(nonsending) func fetchWhole(
        _ key: [UInt8], _ options: TieredReadOptions, _ loader: HashLoader?
    ) async throws -> [[UInt8]: [UInt8]]? {
        let deadline = deadline(of: options.budget)
        var reserve: [RemoteField]?
        let pending = queue.pending(key)
        if let found = local.findAll(key, now: clock.now(), maximumStaleness: options.maximumStaleness) {
            switch found.verdict {
            case .fresh where !found.fields.isEmpty || loader == nil:
                counters.add(.localHits)
                return combined(found.fields, pending)
            case .servable where !found.fields.isEmpty:
                counters.add(.localHits)
                counters.add(.staleServed)
                startWholeRefresh(key)
                return combined(found.fields, pending)
            case .onlyInNeed: reserve = found.fields
            default: break
            }
        }
        counters.add(.localMisses)
        if pending?.removesEverything == true { return combined([], pending) }
        var failure: (any Error)?
        do throws(TieredError) {
            let answers = try await readRemote(key, nil, doubtful: [], until: deadline)
            if answers.exists || (loader == nil && pending != nil) {
                counters.add(.remoteHits)
                return combined(answers.names.map { answers[$0] }, queue.pending(key))
            }
            if loader == nil { return nil }
        } catch {
            if error.code == .cancelled { throw error }
            failure = error
        }
        if let loader, clock.now() < deadline {
            do {
                let answers = try await loadWhole(key, loader, until: deadline)
                return answers.values.compactMapValues { $0 }
            } catch {
                failure = error
            }
        }
        if let reserve {
            counters.add(.staleServed)
            return combined(reserve, pending)
        }
        throw failure ?? TieredError(.timeout, "the budget is used up")
    }

    private func combined(_ fields: [RemoteField], _ pending: PendingChange?) -> [[UInt8]: [UInt8]]? {
        var values: [[UInt8]: [UInt8]] = [:]
        for field in fields { values[field.name] = field.value }
        if let pending {
            let now = clock.now()
            if pending.removesEverything { values = [:] }
            for name in pending.names { values[name] = pending.content(of: name, now: now)?.value }
        }
        return values.isEmpty ? nil : values
    }
}
