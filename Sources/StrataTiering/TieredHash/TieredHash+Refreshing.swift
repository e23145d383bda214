extension TieredHash {
    /// Fetches fields again behind the scenes: from the second tier, and what has no news there from the source.
    ///
    /// A key is fetched by one task at a time, and all keys together at the configured rate: what comes too soon is left to the
    /// next who asks.
    func startRefresh(_ key: [UInt8], _ names: [[UInt8]], _ loader: FieldLoader?) {
        let now = clock.now()
        guard refreshing.withLock({ $0.insert(key).inserted }) else { return }
        // Under the key's own mark, so that asking often doesn't use up the rate.
        guard revalidations.withLock({ $0.take(now: now) }) else {
            refreshing.withLock { _ = $0.remove(key) }
            counters.add(.refreshesPutOff)
            return
        }
        let known = local.find(key, names, now: now, maximumStaleness: nil).fields
        tasks.start {
            defer { self.refreshing.withLock { _ = $0.remove(key) } }
            self.counters.add(.refreshes)
            var ends: [[UInt8]: Instant] = [:]
            for (name, found) in zip(names, known) { ends[name] = found?.deadline ?? now }
            let deadline = self.remoteDeadline(within: .distantFuture)
            if let answers = try? await self.readRemote(key, names, doubtful: [], until: deadline) {
                for name in names {
                    let answer = answers[name]
                    // What the second tier keeps for longer than was known is news enough.
                    let isNews =
                        answer.content != .missing
                        && (answer.deadline ?? .distantFuture).tick > (ends[name] ?? now).tick
                    if isNews { ends[name] = nil }
                }
            }
            if let loader, !ends.isEmpty { await self.reload(key, ends, loader) }
        }
    }
}
