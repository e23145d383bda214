extension TieredHash {
    /// One read on its way down the tiers.
    struct Fetch {
        let key: [UInt8]
        let names: [[UInt8]]
        let deadline: Instant
        let options: TieredReadOptions
        /// What is known of each name.
        var answers: [RemoteField.Content?]
        /// What may be served in need.
        var reserve: [LocalFinding?]
        /// Places of names that the second tier is to be asked for.
        var unknown: [Int] = []
        /// Places of names that the loader is to be asked for.
        var missing: [Int] = []
        /// What is to be fetched again behind the scenes.
        var refresh = Refresh()
        /// Fields that are worth reading again together.
        var doubtful: [[UInt8]] = []
    }

    /// Gets fields: from the first tier, else from the second, else by the loader, if there is one.
    ///
    /// - Returns: What was found, in the order of the names.
    nonisolated(nonsending) func fetch(
        _ key: [UInt8], _ names: [[UInt8]], _ options: TieredReadOptions, _ loader: FieldLoader?
    ) async throws -> [RemoteField.Content] {
        var fetch = Fetch(
            key: key, names: names, deadline: deadline(of: options.budget), options: options,
            answers: Array(repeating: nil, count: names.count), reserve: Array(repeating: nil, count: names.count))
        lookLocally(&fetch, hasLoader: loader != nil)
        if !fetch.refresh.isEmpty { startRefresh(fetch.key, fetch.refresh, loader) }
        if !fetch.unknown.isEmpty { try await askRemote(&fetch, hasLoader: loader != nil) }
        if !fetch.missing.isEmpty, let loader { try await askLoader(&fetch, loader) }
        return fetch.answers.map { $0 ?? .missing }
    }

    private func lookLocally(_ fetch: inout Fetch, hasLoader: Bool) {
        let now = clock.now()
        let finding = local.find(
            fetch.key, fetch.names, now: now, maximumStaleness: fetch.options.maximumStaleness)
        fetch.doubtful = finding.doubtful
        let pending = queue.pending(fetch.key)
        for index in fetch.names.indices {
            if let content = pending?.content(of: fetch.names[index], now: now) {
                answer(
                    &fetch, index, content, .local, age: nil, epoch: 0, reason: nil, isStale: false,
                    hasLoader: hasLoader)
                continue
            }
            guard let found = finding.fields[index] else {
                fetch.unknown.append(index)
                continue
            }
            switch found.verdict {
            case .fresh:
                answer(&fetch, index, found, reason: nil, isStale: false, hasLoader: hasLoader)
                if isWorthEagerRefresh(found, now: now) {
                    counters.add(.eagerRefreshes)
                    fetch.refresh.overdue.append(fetch.names[index])
                }
            case .servable(let reason):
                answer(&fetch, index, found, reason: reason, isStale: true, hasLoader: hasLoader)
                if found.deadline <= now {
                    fetch.refresh.overdue.append(fetch.names[index])
                } else {
                    fetch.refresh.doubted.append(fetch.names[index])
                }
            case .onlyInNeed:
                // That the second tier had nothing says nothing of the source.
                if !hasLoader || found.content != .missing { fetch.reserve[index] = found }
                fetch.unknown.append(index)
            case .unusable:
                fetch.unknown.append(index)
            }
        }
        counters.add(.localHits, fetch.names.count - fetch.unknown.count - fetch.missing.count)
        counters.add(.localMisses, fetch.unknown.count + fetch.missing.count)
    }

    private func isWorthEagerRefresh(_ found: LocalFinding, now: Instant) -> Bool {
        guard let threshold = configuration.eagerRefreshThreshold, found.frequency >= configuration.hotFrequency,
            case .value = found.content
        else { return false }
        let lifetime = found.filled.duration(to: found.deadline)
        return found.filled.duration(to: now) >= lifetime * threshold
    }

    private func answer(
        _ fetch: inout Fetch, _ index: Int, _ found: LocalFinding, reason: MissReason?, isStale: Bool, hasLoader: Bool
    ) {
        if isStale { counters.add(.staleServed) }
        answer(
            &fetch, index, found.content, .local, age: found.filled, epoch: found.epoch, reason: reason,
            isStale: isStale,
            hasLoader: hasLoader)
    }

    private func answer(
        _ fetch: inout Fetch, _ index: Int, _ content: RemoteField.Content, _ tier: Tier, age filled: Instant?,
        epoch: UInt64, reason: MissReason?, isStale: Bool, hasLoader: Bool
    ) {
        fetch.answers[index] = content
        if content == .missing, hasLoader {
            fetch.missing.append(index)
            return
        }
        fetch.options.provenance?.add(
            .init(
                name: fetch.names[index], tier: tier, age: filled.map { $0.duration(to: clock.now()) }, epoch: epoch,
                missReason: reason, isStale: isStale))
    }

    private nonisolated(nonsending) func askRemote(_ fetch: inout Fetch, hasLoader: Bool) async throws {
        let names = fetch.unknown.map { fetch.names[$0] }
        let epoch = epochs.word(of: remote.shard(of: fetch.key)) & 0xffff_ffff_ffff
        do throws(TieredError) {
            let answers = try await readRemote(
                fetch.key, names, doubtful: fetch.doubtful.filter { !names.contains($0) }, until: fetch.deadline)
            // Who wrote something meanwhile sees it.
            let now = clock.now()
            let pending = queue.pending(fetch.key)
            for index in fetch.unknown {
                let name = fetch.names[index]
                let content = pending?.content(of: name, now: now) ?? answers[name].content
                if content != .missing { counters.add(.remoteHits) }
                answer(
                    &fetch, index, content, .remote, age: nil, epoch: epoch,
                    reason: fetch.reserve[index]?.verdict.reason ?? .unknown, isStale: false, hasLoader: hasLoader)
            }
        } catch {
            if error.code == .cancelled { throw error }
            try serveInNeed(&fetch, instead: error, hasLoader: hasLoader)
        }
    }

    /// The second tier can't be asked: the source may be, and else what is old has to do.
    private func serveInNeed(_ fetch: inout Fetch, instead error: TieredError, hasLoader: Bool) throws(TieredError) {
        if hasLoader, clock.now() < fetch.deadline {
            fetch.missing += fetch.unknown
            return
        }
        for index in fetch.unknown {
            guard let found = fetch.reserve[index] else { throw error }
            answer(&fetch, index, found, reason: found.verdict.reason, isStale: true, hasLoader: false)
        }
    }

    private nonisolated(nonsending) func askLoader(_ fetch: inout Fetch, _ loader: @escaping FieldLoader) async throws {
        let names = fetch.missing.map { fetch.names[$0] }
        let hasReserve = fetch.missing.allSatisfy { fetch.reserve[$0] != nil }
        do {
            let answers = try await load(
                fetch.key, names, loader, until: fetch.deadline, hasReserve: hasReserve)
            for (index, name) in zip(fetch.missing, names) {
                let value = answers.values[name] ?? nil
                fetch.answers[index] = value.map { .value($0) } ?? .absent
                fetch.options.provenance?.add(
                    .init(
                        name: name, tier: answers.tier, age: nil, epoch: 0,
                        missReason: fetch.reserve[index]?.verdict.reason ?? .unknown, isStale: false))
            }
        } catch {
            if let error = error as? TieredError, error.code == .cancelled { throw error }
            guard hasReserve else { throw error }
            for index in fetch.missing {
                guard let found = fetch.reserve[index] else { continue }
                answer(&fetch, index, found, reason: found.verdict.reason, isStale: true, hasLoader: false)
            }
        }
    }
}

extension FreshnessRules.Verdict {
    /// Why it isn't fresh.
    var reason: MissReason? {
        switch self {
        case .fresh: nil
        case .servable(let reason), .onlyInNeed(let reason), .unusable(let reason): reason
        }
    }
}
