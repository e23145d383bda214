extension TieredHash {
    /// What is to be fetched again behind the scenes.
    struct Refresh {
        /// Fields whose changes may have gone unreported: worth a question to the second tier, but not to the source.
        var doubted: [[UInt8]] = []
        /// Fields whose time is over, or nearly.
        var overdue: [[UInt8]] = []

        var isEmpty: Bool { doubted.isEmpty && overdue.isEmpty }
    }

    /// Fetches fields again behind the scenes: from the second tier, and what is overdue and has no news there from the source.
    ///
    /// A key is fetched by one task at a time, and all keys together at the configured rate: what comes too soon is left to the
    /// next who asks. What brought nothing isn't tried again for a while, and a shard whose breaker is open isn't asked.
    func startRefresh(_ key: [UInt8], _ refresh: Refresh, _ loader: FieldLoader?) {
        let overdue = Set(loader == nil ? [] : refresh.overdue)
        guard let now = beginRefresh(key, hasSource: !overdue.isEmpty) else { return }
        let names = refresh.doubted + refresh.overdue
        let known = local.find(key, names, now: now, maximumStaleness: nil).fields
        tasks.start {
            self.counters.add(.refreshes)
            var ends: [[UInt8]: Instant] = [:]
            for (name, found) in zip(names, known) where overdue.contains(name) { ends[name] = found?.deadline ?? now }
            var hasNews = false
            let deadline = self.remoteDeadline(within: .distantFuture)
            if let answers = try? await self.readRemote(key, names, doubtful: [], until: deadline) {
                hasNews = true
                for name in names {
                    let answer = answers[name]
                    // What the second tier keeps for longer than was known is news enough.
                    let isNews =
                        answer.content != .missing
                        && (answer.deadline ?? .distantFuture).tick > (ends[name] ?? now).tick
                    if isNews { ends[name] = nil }
                }
            }
            if let loader, !ends.isEmpty { hasNews = await self.reload(key, ends, loader) }
            self.endRefresh(key, hasNews: hasNews)
        }
    }

    /// Reads a whole hash of the second tier again behind the scenes.
    func startWholeRefresh(_ key: [UInt8]) {
        guard beginRefresh(key, hasSource: false) != nil else { return }
        tasks.start {
            self.counters.add(.refreshes)
            let deadline = self.remoteDeadline(within: .distantFuture)
            let answers = try? await self.readRemote(key, nil, doubtful: [], until: deadline)
            self.endRefresh(key, hasNews: answers != nil)
        }
    }

    /// Decides whether a key is fetched again now.
    ///
    /// - Returns: The moment; `nil` if it isn't. Otherwise `endRefresh` is to be called.
    private func beginRefresh(_ key: [UInt8], hasSource: Bool) -> Instant? {
        let now = clock.now()
        let hash = local.hash(of: key)
        let mayBeTried =
            refreshPauses.withLock { $0.allows(hash: hash, now: now) }
            && (hasSource || !gates[remote.shard(of: key)].breaker.isRejecting)
        guard mayBeTried else {
            counters.add(.refreshesPutOff)
            return nil
        }
        guard refreshing.withLock({ $0.insert(key).inserted }) else { return nil }
        // Under the key's own mark, so that asking often doesn't use up the rate.
        guard revalidations.withLock({ $0.take(now: now) }) else {
            refreshing.withLock { _ = $0.remove(key) }
            counters.add(.refreshesPutOff)
            return nil
        }
        return now
    }

    /// A refresh is over: unless what was found can be relied on, the key is left alone for a while.
    private func endRefresh(_ key: [UInt8], hasNews: Bool) {
        let hash = local.hash(of: key)
        // What is read while nothing is reported is as doubtful as what was there before.
        let isReliable = epochs.isValid(epochs.word(of: remote.shard(of: key)))
        let now = clock.now()
        refreshPauses.withLock { pauses in
            if hasNews, isReliable { pauses.succeed(hash: hash) } else { pauses.fail(hash: hash, now: now) }
        }
        refreshing.withLock { _ = $0.remove(key) }
    }
}
