package import Strata

/// What the first tier knows of a field.
struct LocalFinding {
    var content: RemoteField.Content
    var filled: Instant
    var deadline: Instant
    var verdict: FreshnessRules.Verdict
    /// The epoch it was read in.
    var epoch: UInt64
    var frequency: UInt8
}

/// What the first tier knows of a key.
struct LocalKeyFinding {
    /// What is known of the fields that were asked for, in their order; `nil` for nothing.
    var fields: [LocalFinding?]
    /// Names of all fields that are kept of a key whose changes were or may have been missed: worth reading again together.
    var doubtful: [[UInt8]]
}

extension LocalTier {
    /// The value of a field that may be served at once, valid while the caller is pinned.
    ///
    /// One look: no lock, no allocation.
    @inline(__always)
    func pinnedValue(_ key: Bytes, _ field: Bytes) -> Bytes? {
        let now = clock.coarseNow().tick
        guard let found = store.pinnedFields(key, first: LocalHeader.name, and: field, now: now) else { return nil }
        let record = LocalRecord(found.value)
        if record.isValue, record.deadline > now, epochs.isValid(LocalHeader.word(found.first)) { return record.value }
        return doubtfulValue(record, LocalHeader(found.first))
    }

    /// The value of a field that nothing can be said against: not suspect, and too young to be fetched ahead of its time; valid while
    /// the caller is pinned.
    @inline(__always)
    func pinnedFreshValue(_ key: Bytes, _ field: Bytes) -> Bytes? {
        let now = clock.coarseNow().tick
        guard !FieldNames.isReserved(field),
            let found = store.pinnedFields(key, first: LocalHeader.name, and: field, now: now)
        else { return nil }
        let record = LocalRecord(found.value)
        guard record.isValue, record.deadline > now, epochs.isValid(LocalHeader.word(found.first)),
            Double(now &- record.filled) < Double(record.deadline &- record.filled) * eagerThreshold
        else { return nil }
        return record.value
    }

    /// What a look at one field finds.
    package enum Glance {
        /// Its value; and whether changes of it may have gone unreported.
        case value(Bytes, isSuspect: Bool)
        /// The second tier has no such field; and the same.
        case missing(isSuspect: Bool)
        /// Nothing that could be served.
        case unknown
    }

    /// Calls a closure with what is known of a field: one pinned look, without a lock or an allocation.
    @inline(__always)
    package func withGlance<Result>(_ key: Bytes, _ field: Bytes, _ body: (Glance) -> Result) -> Result {
        let now = clock.coarseNow().tick
        let pin = Epoch.pin()
        defer { pin.end() }
        let storeKey = store.key(key)
        guard let entry = store.pinnedEntry(storeKey, now: now),
            let header = entry.field(LocalHeader.name, now: now)
        else { return body(.unknown) }
        let word = LocalHeader.word(header.value)
        guard let stored = entry.field(field, now: now) else {
            // I3
            let isKnown = epochs.isValid(word) && LocalHeader(header.value).completeUntil > now
            return body(isKnown ? .missing(isSuspect: false) : .unknown)
        }
        let record = LocalRecord(stored.value)
        guard record.deadline > now else { return body(.unknown) }
        var isSuspect = false
        if !epochs.isValid(word) {
            guard
                case .servable = judge(
                    record, LocalHeader(header.value), now: clock.now(), maximumStaleness: nil)
            else { return body(.unknown) }
            isSuspect = true
        }
        store.recordRead(entry, of: storeKey, now: now)
        return body(record.isValue ? .value(record.value, isSuspect: isSuspect) : .missing(isSuspect: isSuspect))
    }

    /// The value of a field that isn't plainly fresh, if it may be served all the same.
    @inline(never)
    private func doubtfulValue(_ record: LocalRecord, _ header: LocalHeader) -> Bytes? {
        guard record.isValue else { return nil }
        switch judge(record, header, now: clock.now(), maximumStaleness: nil) {
        case .fresh, .servable: return record.value
        case .onlyInNeed, .unusable: return nil
        }
    }

    /// Judges a field by what its block says.
    func judge(
        _ record: LocalRecord, _ header: LocalHeader, now: Instant, maximumStaleness: Duration?
    ) -> FreshnessRules.Verdict {
        let overdue = Instant(tick: record.deadline).duration(to: now)
        // Only a value is worth anything when its time is over.
        if !record.isValue, overdue >= .zero { return .unusable(.expired) }
        return rules.judge(
            standing(header, filled: Instant(tick: record.filled), now: now), overdue: overdue,
            maximumStaleness: maximumStaleness)
    }

    private func standing(_ header: LocalHeader, filled: Instant, now: Instant) -> ShardEpoch.Standing {
        let standing = epochs.standing(word: header.origin, filled: filled, now: now)
        guard header.word == 0 else { return standing }
        // What was suspect before its change was reported doesn't become younger by the report.
        let age = Instant(tick: header.invalidated).duration(to: now)
        return switch standing {
        case .coherent: .invalidated(age: age)
        case .suspect(let before), .invalidated(let before): .invalidated(age: max(age, before))
        }
    }

    /// Looks for fields.
    func find(
        _ key: [UInt8], _ names: [[UInt8]], now: Instant, maximumStaleness: Duration?
    ) -> LocalKeyFinding {
        withKey(key) { storeKey in
            store.read(storeKey, now: now.tick) { entry in
                guard let entry, let stored = entry.field(LocalHeader.name, now: now.tick) else {
                    return LocalKeyFinding(fields: names.map { _ in nil }, doubtful: [])
                }
                store.recordRead(entry, of: storeKey, now: now.tick)
                let header = LocalHeader(stored.value)
                let frequency = entry.frequency(now: now.tick)
                let fields = names.map { name in
                    finding(name, in: entry, header, frequency: frequency, now: now, maximumStaleness: maximumStaleness)
                }
                return LocalKeyFinding(fields: fields, doubtful: doubtfulNames(entry, header, now: now))
            }
        }
    }

    private func finding(
        _ name: [UInt8], in entry: HashStore.Entry, _ header: LocalHeader, frequency: UInt8, now: Instant,
        maximumStaleness: Duration?
    ) -> LocalFinding? {
        let stored = FieldNames.stored(name).withUnsafeBytes { entry.field($0, now: now.tick) }
        let epoch = header.origin & 0xffff_ffff_ffff
        guard let stored else {
            // I3: what a complete block doesn't have isn't there.
            guard header.completeUntil > now.tick, epochs.isValid(header.word), maximumStaleness == nil else {
                return nil
            }
            return LocalFinding(
                content: .missing, filled: now, deadline: Instant(tick: header.completeUntil), verdict: .fresh,
                epoch: epoch, frequency: frequency)
        }
        let record = LocalRecord(stored.value)
        return LocalFinding(
            content: record.content, filled: Instant(tick: record.filled), deadline: Instant(tick: record.deadline),
            verdict: judge(record, header, now: now, maximumStaleness: maximumStaleness), epoch: epoch,
            frequency: frequency)
    }

    /// So many doubtful fields are read again with the one that was asked for.
    private static let doubtfulLimit = 64

    private func doubtfulNames(_ entry: HashStore.Entry, _ header: LocalHeader, now: Instant) -> [[UInt8]] {
        // A large hash can't be gone over without its lock.
        guard !epochs.isValid(header.word), !entry.isTable, entry.fieldCount <= Self.doubtfulLimit else { return [] }
        var names: [[UInt8]] = []
        entry.forEachField(now: now.tick) { name, value, _ in
            if let name = FieldNames.original(name), LocalRecord(value).deadline > now.tick { names.append(name) }
        }
        return names
    }

    /// All fields of a hash that is completely known.
    ///
    /// - Returns: The fields that have values; `nil` if the hash isn't completely known.
    package func findAll(
        _ key: [UInt8], now: Instant, maximumStaleness: Duration?
    ) -> (fields: [RemoteField], verdict: FreshnessRules.Verdict)? {
        withKey(key) { storeKey in
            store.withExclusiveAccess(to: storeKey, now: now.tick) { access in
                guard let entry = access.entry(storeKey), let stored = entry.field(LocalHeader.name, now: now.tick)
                else { return nil }
                let header = LocalHeader(stored.value)
                guard header.completeUntil != .min else { return nil }
                store.recordRead(entry, of: storeKey, now: now.tick)
                let filled = oldest(entry, now: now)
                let verdict = rules.judge(
                    standing(header, filled: filled, now: now),
                    overdue: Instant(tick: header.completeUntil).duration(to: now), maximumStaleness: maximumStaleness)
                var fields: [RemoteField] = []
                entry.forEachField(now: now.tick) { name, value, _ in
                    guard let name = FieldNames.original(name) else { return }
                    let record = LocalRecord(value)
                    if record.isValue {
                        fields.append(
                            RemoteField(name: name, content: record.content, deadline: Instant(tick: record.deadline)))
                    }
                }
                return (fields, verdict)
            }
        }
    }

    private func oldest(_ entry: HashStore.Entry, now: Instant) -> Instant {
        var oldest = now.tick
        entry.forEachField(now: now.tick) { name, value, _ in
            if !(name.count == 1 && name[0] == 0) { oldest = min(oldest, LocalRecord(value).filled) }
        }
        return Instant(tick: oldest)
    }
}
