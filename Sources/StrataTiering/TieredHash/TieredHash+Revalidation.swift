import Strata

extension TieredHash {
    /// Fetches suspect keys of a shard again whose stream is back, the hottest first, at the configured rate.
    func revalidate(_ shard: ShardID) async {
        let started = epochs.word(of: shard)
        for (key, names) in suspects(of: shard) {
            // Another loss makes another round.
            guard !Task.isCancelled, epochs.word(of: shard) == started else { return }
            while !revalidations.withLock({ $0.take(now: clock.now()) }) {
                let pause = Duration.seconds(1) / max(configuration.revalidationsPerSecond, 1)
                guard (try? await clock.sleep(clock.now().advanced(by: pause))) != nil else { return }
            }
            guard refreshing.withLock({ $0.insert(key).inserted }) else { continue }
            defer { refreshing.withLock { _ = $0.remove(key) } }
            counters.add(.revalidatedKeys)
            let deadline = remoteDeadline(within: .distantFuture)
            do throws(TieredError) {
                _ = try await readRemote(key, names, doubtful: [], until: deadline)
            } catch {
                // It is away again: the others would only fail as well.
                if error.remote?.isFault == true { return }
            }
        }
    }

    /// The hottest keys of a shard that aren't valid, with the names of their fields.
    private func suspects(of shard: ShardID) -> [(key: [UInt8], names: [[UInt8]])] {
        struct Suspect {
            var key: [UInt8]
            var names: [[UInt8]]
            var frequency: UInt8
        }
        let now = clock.now().tick
        var suspects: [Suspect] = []
        var cursor: UInt64 = 0
        repeat {
            cursor = local.store.scan(cursor: cursor, limit: 100, now: now) { key, entry in
                guard entry.kind == .hash, let stored = entry.field(LocalHeader.name, now: now) else { return }
                let header = LocalHeader(stored.value)
                guard Int(header.origin >> 48) == shard.index, !epochs.isValid(header.word) else { return }
                var names: [[UInt8]] = []
                entry.forEachField(now: now) { name, value, _ in
                    if let name = FieldNames.original(name), LocalRecord(value).deadline > now { names.append(name) }
                }
                guard !names.isEmpty else { return }
                suspects.append(Suspect(key: [UInt8](key), names: names, frequency: entry.frequency(now: now)))
            }
        } while cursor != 0
        suspects.sort { left, right in
            left.frequency != right.frequency
                ? left.frequency > right.frequency : left.key.lexicographicallyPrecedes(right.key)
        }
        return suspects.prefix(configuration.revalidatedKeysPerShard).map { ($0.key, $0.names) }
    }
}
