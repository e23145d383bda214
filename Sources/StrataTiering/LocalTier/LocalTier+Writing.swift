import Strata

/// A field on its way into the first tier.
package struct LocalFill {
    /// The field.
    package var name: [UInt8]
    /// What is in it.
    package var content: RemoteField.Content
    /// When it ends to be the truth.
    package var deadline: Instant
    /// Whether the second tier isn't told.
    package var isLocalOnly = false

    /// A field as given.
    package init(name: [UInt8], content: RemoteField.Content, deadline: Instant, isLocalOnly: Bool = false) {
        self.name = name
        self.content = content
        self.deadline = deadline
        self.isLocalOnly = isLocalOnly
    }
}

extension LocalTier {
    /// What a read or load notes when it begins.
    package struct Origin {
        /// The count of changes of the key.
        let generation: UInt64
        /// The shard and its epoch.
        package let word: UInt64
    }

    /// Notes how things stand before something is read.
    package func origin(of key: [UInt8], on shard: ShardID) -> Origin {
        // The epoch first: one that ends in between makes what is read suspect, which is never wrong.
        let word = epochs.word(of: shard)
        return Origin(generation: generation(of: key), word: word)
    }

    /// Stores what was read, unless the key was changed or invalidated since.
    ///
    /// - Parameters:
    ///   - fills: What was read.
    ///   - key: The key.
    ///   - origin: How things stood before.
    ///   - completeUntil: Until when that is all there is of the hash; `nil` if it isn't all.
    /// - Returns: Whether it was stored.
    @discardableResult
    package func publish(
        _ fills: [LocalFill], _ key: [UInt8], _ origin: Origin, completeUntil: Instant? = nil
    ) -> Bool {
        store(fills, key, word: origin.word, ifGeneration: origin.generation, completeUntil: completeUntil)
    }

    /// Stores what this process has written itself.
    ///
    /// If somebody else changed the key meanwhile, or a change of it was reported, it isn't known whose value is the last:
    /// then the fields are forgotten. In both cases, what reads under way bring isn't stored.
    ///
    /// - Parameters:
    ///   - fills: What was written.
    ///   - key: The key.
    ///   - origin: How things stood when the write began, after it was announced.
    ///   - replacingAll: Whether the hash was emptied before.
    ///   - completeUntil: As in `publish`.
    /// - Returns: Whether it was stored.
    @discardableResult
    func overwrite(
        _ fills: [LocalFill], _ key: [UInt8], _ origin: Origin, replacingAll: Bool = false,
        completeUntil: Instant? = nil
    ) -> Bool {
        let isStored = store(
            fills, key, word: origin.word, ifGeneration: origin.generation, isOwn: true, replacingAll: replacingAll,
            completeUntil: completeUntil)
        if !isStored { if replacingAll { drop(key) } else { drop(key, fields: fills.map(\.name)) } }
        return isStored
    }

    /// Announces a change of a key that is about to be made, so that nothing that was read before it is stored.
    func announceChange(of key: [UInt8], on shard: ShardID) -> Origin {
        generations.advance(hash: hash(of: key))
        return origin(of: key, on: shard)
    }

    private func store(
        _ fills: [LocalFill], _ key: [UInt8], word: UInt64, ifGeneration generation: UInt64, isOwn: Bool = false,
        replacingAll: Bool = false, completeUntil: Instant?
    ) -> Bool {
        let now = clock.now().tick
        // A tier that is full keeps what it has.
        guard store.evictIfNeeded(now: now) else { return false }
        var names = fills.map { FieldNames.stored($0.name) }
        var values = fills.map { fill in
            LocalRecord.encoded(
                fill.content, filled: now, deadline: fill.deadline.tick, isLocalOnly: fill.isLocalOnly)
        }
        let lastDeadline = fills.map(\.deadline.tick).max()
        let firstDeadline = fills.map(\.deadline.tick).min()
        return withKey(key) { storeKey in
            store.withExclusiveAccess(to: storeKey, now: now) { access in
                if generations.generation(ofHash: storeKey.hash) != generation { return false }
                var header = LocalHeader(word: word)
                var keyDeadline = max(lastDeadline ?? .min, completeUntil?.tick ?? .min)
                if let entry = access.entry(storeKey) {
                    let old = entry.field(LocalHeader.name, now: now).map { LocalHeader($0.value) }
                    if !replacingAll, completeUntil == nil, let old, old.word == word {
                        header.completeUntil = min(old.completeUntil, firstDeadline ?? .max)
                        keyDeadline = max(keyDeadline, (entry.deadline ?? .min).addingSaturated(-retention))
                        if retention > 0, !isOwn {
                            for index in fills.indices.reversed()
                            where fills[index].content == .missing && isRetained(names[index], in: entry, now: now) {
                                names.remove(at: index)
                                values.remove(at: index)
                            }
                        }
                    } else {
                        // I1
                        access.remove(storeKey)
                    }
                }
                if let completeUntil { header.completeUntil = completeUntil.tick }
                put(header, names, values, storeKey, access)
                access.setDeadline(storeKey, keyDeadline.addingSaturated(retention))
                if isOwn { generations.advance(hash: storeKey.hash) }
                return true
            }
        }
    }

    /// Whether there is a value that is kept beyond its time, to be served in need.
    ///
    /// That the second tier has nothing any more is its time too, if no change was reported: that doesn't make it worthless.
    private func isRetained(_ name: [UInt8], in entry: HashStore.Entry, now: Int64) -> Bool {
        guard let stored = name.withUnsafeBytes({ entry.field($0, now: now) }) else { return false }
        let record = LocalRecord(stored.value)
        return record.isValue && record.deadline <= now && record.deadline.addingSaturated(retention) > now
    }

    /// For how long a key is kept when the last of its fields isn't the truth any more, in ms.
    private var retention: Int64 { Int64(clamping: rules.retention.saturatedNanoseconds / 1_000_000) }

    private func put(
        _ header: LocalHeader, _ names: [[UInt8]], _ values: [[UInt8]], _ key: HashStore.Key, _ access: HashStore.Access
    ) {
        // One buffer that holds all bytes, so that they lie still while the store copies them.
        var bytes = header.encoded
        let headerLength = bytes.count
        var places: [(name: Range<Int>, value: Range<Int>)] = []
        for (name, value) in zip(names, values) {
            let start = bytes.count
            bytes += name
            bytes += value
            places.append((start..<(start + name.count), (start + name.count)..<bytes.count))
        }
        bytes.withUnsafeBytes { bytes in
            _ = access.setFields(
                key, count: names.count + 1,
                { index in
                    guard index > 0 else { return (LocalHeader.name, Bytes(rebasing: bytes[..<headerLength])) }
                    let place = places[index - 1]
                    return (Bytes(rebasing: bytes[place.name]), Bytes(rebasing: bytes[place.value]))
                }, deadline: .clear)
        }
    }

    /// A change of the key was reported: what is kept of it is good for nothing but need.
    ///
    /// - Returns: Whether there was anything.
    @discardableResult
    func invalidate(_ key: [UInt8]) -> Bool {
        let now = clock.now().tick
        return withKey(key) { storeKey in
            generations.advance(hash: storeKey.hash)
            return store.withExclusiveAccess(to: storeKey, now: now) { access in
                guard let entry = access.entry(storeKey), let stored = entry.field(LocalHeader.name, now: now) else {
                    return false
                }
                var header = LocalHeader(stored.value)
                guard header.word != 0 else { return true }
                header.word = 0
                header.invalidated = now
                header.encoded.withUnsafeBytes {
                    _ = access.setField(storeKey, LocalHeader.name, $0, deadline: .clear)
                }
                return true
            }
        }
    }

    /// Lets nothing be stored that is being read or loaded; what is kept stays as good as it is.
    func endLoads(of key: [UInt8]) { generations.advance(hash: hash(of: key)) }

    /// Forgets a key.
    package func drop(_ key: [UInt8]) {
        withKey(key) { storeKey in
            generations.advance(hash: storeKey.hash)
            store.withExclusiveAccess(to: storeKey, now: clock.now().tick) { _ = $0.remove(storeKey) }
        }
    }

    /// Forgets fields of a key; the hash isn't completely known then.
    func drop(_ key: [UInt8], fields: [[UInt8]]) {
        let now = clock.now().tick
        let names = fields.map(FieldNames.stored)
        withKey(key) { storeKey in
            generations.advance(hash: storeKey.hash)
            store.withExclusiveAccess(to: storeKey, now: now) { access in
                guard let entry = access.entry(storeKey), let stored = entry.field(LocalHeader.name, now: now) else {
                    return
                }
                var header = LocalHeader(stored.value)
                for name in names {
                    _ = name.withUnsafeBytes { bytes in access.removeFields(storeKey, count: 1) { _ in bytes } }
                }
                header.completeUntil = .min
                header.encoded.withUnsafeBytes {
                    _ = access.setField(storeKey, LocalHeader.name, $0, deadline: .clear)
                }
            }
        }
    }
}

extension Int64 {
    /// The sum; the greatest or least number where it is too large.
    func addingSaturated(_ other: Int64) -> Int64 {
        let (sum, isTooMuch) = addingReportingOverflow(other)
        return isTooMuch ? (other < 0 ? .min : .max) : sum
    }
}
