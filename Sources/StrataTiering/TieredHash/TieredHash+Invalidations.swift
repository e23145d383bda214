import Logging

extension TieredHash {
    /// Takes in what the store reports of keys.
    func receive(_ event: InvalidationEvent) {
        let now = clock.now()
        switch event {
        case .connected(let shard, let epoch):
            let isReturn = epochs.update(shard) { state in
                state.connect(remoteEpoch: epoch, now: now)
                return state.lossCount > 0
            }
            coherence.withLock { report in
                report.unproved[shard] = now
                if report.mode == .starting || report.mode == .deadlinesOnly { report.mode = .tracking }
            }
            logger.debug("invalidations are received", metadata: describing(shard))
            waiters.wakeAll()
            refreshPauses.withLock { $0.clear() }
            if isReturn { revalidationRequests.continuation.yield(shard) }
        case .keys(_, let keys):
            counters.add(.invalidatedKeys, keys.count)
            for key in keys {
                local.invalidate(key)
                waiters.wake(key)
            }
        case .leases(_, let keys):
            for key in keys {
                // A load that wasn't allowed to store what it brings isn't joined any more.
                local.endLoads(of: key)
                waiters.wake(key)
            }
        case .everything(let shard):
            counters.add(.wholeInvalidations)
            epochs.update(shard) { $0.invalidateEverything(now: now) }
            waiters.wakeAll()
            logger.notice("all keys of a shard were invalidated", metadata: describing(shard))
        case .canary(let shard, let lag):
            epochs.update(shard) { $0.receiveCanary(lag: lag, now: now) }
            // A shard that has left reports nothing any more.
            let present = remote.shards
            let isLost = epochs.all.contains { present.contains($0.shard) && !$0.epoch.isConnected }
            coherence.withLock { report in
                report.lag.add(lag)
                report.unproved[shard] = nil
                if report.unproved.isEmpty, !isLost, case .degraded = report.mode { report.mode = .tracking }
            }
        case .disconnected(let shard, let reason):
            epochs.update(shard) { $0.disconnect(now: now) }
            coherence.withLock { report in
                report.unproved[shard] = nil
                report.mode = .degraded("\(shard) reports no changes: \(reason)")
            }
            var metadata = describing(shard)
            metadata["reason"] = "\(reason)"
            logger.warning(
                "invalidations are lost; entries are served as suspect for \(configuration.suspectBound)",
                metadata: metadata)
        }
    }

    /// Looks whether the streams of reports prove themselves.
    func checkCoherence() {
        let now = clock.now()
        for (shard, _) in epochs.all {
            let isSilent = epochs.update(shard) { state in
                state.checkSilence(longerThan: configuration.maximumSilence, now: now)
            }
            guard isSilent else { continue }
            coherence.withLock { $0.mode = .degraded("the canaries of \(shard) have stopped coming back") }
            logger.warning("canaries have stopped coming back; entries are suspect", metadata: describing(shard))
        }
        let late = coherence.withLock { report -> [ShardID] in
            let late = report.unproved.filter { $0.value.duration(to: now) > configuration.selfTestTimeout }.map(\.key)
            for shard in late { report.unproved[shard] = nil }
            if let first = late.min(by: { $0.index < $1.index }) {
                report.mode = .degraded("no canary of \(first) came back")
            }
            return late.sorted { $0.index < $1.index }
        }
        let connected = Set(epochs.all.filter(\.epoch.isConnected).map(\.shard))
        for shard in late {
            var metadata = describing(shard)
            metadata["reason"] =
                connected.contains(shard)
                ? "no change made for the purpose was reported" : "no stream of reports could be opened"
            logger.error(
                "the self-test of coherence failed: what others change may be seen late",
                metadata: metadata)
        }
    }

    /// Begins the self-test: each shard has to prove that it reports changes.
    func startSelfTest() {
        let now = clock.now()
        coherence.withLock { report in
            for shard in remote.shards where report.unproved[shard] == nil { report.unproved[shard] = now }
        }
    }
}
