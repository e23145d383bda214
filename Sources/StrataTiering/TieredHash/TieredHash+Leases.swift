import Logging

extension TieredHash {
    /// Who is to load something.
    enum LeaseResult {
        /// This process, while it holds the lease.
        case granted(RemoteLease)
        /// Nobody: another process has done it.
        case answered(LoadAnswers)
        /// This process, without a lease: there are none, or the second tier is away.
        case unleased
        /// Another process hasn't done it in time.
        case timeout
    }

    /// Agrees with other processes on who loads.
    ///
    /// Who doesn't get the lease waits until the key changes, as it does when the other one writes what it has loaded or gives
    /// the lease back. Nothing may wake him, because the stream of invalidations is broken: he looks for himself now and then.
    func obtainLease(_ key: [UInt8], _ names: [[UInt8]]?, newerThan known: [[UInt8]: Instant]) async -> LeaseResult {
        guard configuration.usesLeases, remote.capabilities.leases else { return .unleased }
        let shard = remote.shard(of: key)
        let lifetime = configuration.leaseLifetime
        let limit = clock.now().advanced(by: lifetime + configuration.loaderTimeout)
        let remote = remote
        while clock.now() < limit {
            // Before the question, so that no end of a lease is missed.
            let change = waiters.watch(key)
            defer { waiters.leave(key, change) }
            let deadline = remoteDeadline(within: limit)
            do throws(RemoteStoreError) {
                let answer = try await gates[shard].call(shard, until: deadline) { () throws(RemoteStoreError) in
                    try await remote.acquireLease(on: key, lifetime: lifetime, deadline: deadline)
                }
                if case .granted(let lease) = answer {
                    // Another process may have loaded between this one's read and its lease.
                    guard let answers = try await answersOfOthers(key, names, newerThan: known, until: deadline) else {
                        return .granted(lease)
                    }
                    await release(lease)
                    return .answered(answers)
                }
                counters.add(.leaseWaits)
                _ = await change.wait(
                    until: min(limit, clock.now().advanced(by: configuration.leasePollInterval)), clock: clock,
                    tasks: tasks)
                if let answers = try await answersOfOthers(
                    key, names, newerThan: known, until: remoteDeadline(within: limit))
                {
                    return .answered(answers)
                }
            } catch {
                return .unleased
            }
        }
        return .timeout
    }

    /// What the second tier has, if it has all that is wanted.
    private func answersOfOthers(
        _ key: [UInt8], _ names: [[UInt8]]?, newerThan known: [[UInt8]: Instant], until deadline: Instant
    ) async throws(RemoteStoreError) -> LoadAnswers? {
        let found = try await fetchRemote(key, names, until: deadline)
        if names == nil, !found.exists { return nil }
        var answers = LoadAnswers(values: [:], tier: .remote)
        for name in names ?? found.names {
            // What has no later end than what is known already isn't news.
            if let end = known[name], found[name].deadline.map({ $0.tick <= end.tick }) ?? true { return nil }
            switch found[name].content {
            case .missing: return nil
            case .absent: answers.values[name] = .some(nil)
            case .value(let value): answers.values[name] = .some(value)
            }
        }
        return answers
    }

    /// Gives a lease back that nothing was written under; one that can't be given back ends by itself.
    func release(_ lease: RemoteLease) async {
        let shard = remote.shard(of: lease.key)
        let deadline = clock.now().advanced(by: configuration.remoteTimeout)
        let remote = remote
        do throws(RemoteStoreError) {
            try await gates[shard].call(shard, until: deadline) { () throws(RemoteStoreError) in
                try await remote.release(lease, deadline: deadline)
            }
        } catch {
            logger.debug(
                "a lease wasn't given back", metadata: ["cache": "\(configuration.name)", "error": "\(error)"])
        }
    }
}
