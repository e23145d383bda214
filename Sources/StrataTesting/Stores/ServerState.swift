import StrataTiering

/// What is in an ``InMemoryRemoteStore``, and who observes it.
struct ServerState: Sendable {
    struct Hash: Sendable {
        var names: [[UInt8]] = []
        var fields: [[UInt8]: RemoteField] = [:]
        var deadline: Instant?
    }

    struct Lease: Sendable {
        var token: [UInt8]
        var end: Instant
    }

    var hashes: [[UInt8]: Hash] = [:]
    var leases: [[UInt8]: Lease] = [:]
    var readCount = 0
    var writeCount = 0
    private(set) var observers: [(number: Int, observer: Observer)] = []
    private var observerNumber = 0
    private var tokenNumber = 0
    private var isConnected: [Bool]

    init(shardCount: Int) { isConnected = Array(repeating: true, count: shardCount) }

    var keys: [[UInt8]] { hashes.keys.sorted { $0.lexicographicallyPrecedes($1) } }

    // MARK: Hashes

    private func live(_ key: [UInt8], now: Instant) -> Hash? {
        guard var hash = hashes[key], hash.deadline.map({ $0 > now }) ?? true else { return nil }
        hash.names.removeAll { name in hash.fields[name]?.deadline.map { $0 <= now } ?? false }
        hash.fields = hash.fields.filter { field in field.value.deadline.map { $0 > now } ?? true }
        return hash.names.isEmpty ? nil : hash
    }

    mutating func forget(_ key: [UInt8]) { hashes[key] = nil }

    func read(_ key: [UInt8], _ selection: FieldSelection, now: Instant) -> RemoteHash {
        let hash = live(key, now: now)
        switch selection {
        case .fields(let names):
            let fields = names.map { hash?.fields[$0] ?? RemoteField(name: $0, content: .missing) }
            return RemoteHash(fields: fields, deadline: hash?.deadline, exists: hash != nil)
        case .all:
            return RemoteHash(
                fields: hash.map { hash in hash.names.compactMap { hash.fields[$0] } } ?? [], deadline: hash?.deadline,
                exists: hash != nil)
        }
    }

    mutating func write(_ key: [UInt8], _ write: HashWrite, now: Instant, shard: ShardID) -> WriteOutcome {
        if case .lease(let lease) = write.condition {
            guard let held = leases[key], held.token == lease.token, held.end > now else { return .leaseLost }
        }
        leases[key] = nil
        let existing = live(key, now: now)
        var hash = existing ?? Hash()
        switch write.removal {
        case .none: break
        case .everything: hash = Hash()
        case .fields(let names):
            for name in names where hash.fields.removeValue(forKey: name) != nil { hash.names.removeAll { $0 == name } }
        }
        for field in write.fields where field.deadline.map({ $0 > now }) ?? true {
            if hash.fields.updateValue(field, forKey: field.name) == nil { hash.names.append(field.name) }
        }
        switch write.keyLifetime {
        case .keep: break
        case .set(let lifetime): hash.deadline = now.advanced(by: lifetime)
        case .atLeast(let lifetime):
            let end = now.advanced(by: lifetime)
            if existing == nil || write.removal == .everything {
                hash.deadline = end
            } else if let deadline = hash.deadline {
                hash.deadline = max(deadline, end)
            }
        }
        hashes[key] = hash.names.isEmpty ? nil : hash
        post(.keys(shard, [key]), at: now)
        return .done
    }

    mutating func increment(
        _ key: [UInt8], _ field: [UInt8], by amount: Int64, keyLifetime: Duration?, now: Instant, shard: ShardID
    ) -> Int64? {
        var hash = live(key, now: now) ?? Hash()
        var old: Int64 = 0
        let present = hash.fields[field]
        if let value = present?.value {
            guard let number = Int64(String(decoding: value, as: UTF8.self)) else { return nil }
            old = number
        }
        let (sum, isTooMuch) = old.addingReportingOverflow(amount)
        guard !isTooMuch else { return nil }
        let changed = RemoteField(name: field, content: .value(Array(String(sum).utf8)), deadline: present?.deadline)
        if hash.fields.updateValue(changed, forKey: field) == nil { hash.names.append(field) }
        if let keyLifetime, hash.deadline == nil { hash.deadline = now.advanced(by: keyLifetime) }
        hashes[key] = hash
        leases[key] = nil
        post(.keys(shard, [key]), at: now)
        return sum
    }

    // MARK: Leases

    mutating func acquireLease(on key: [UInt8], lifetime: Duration, now: Instant) -> LeaseAnswer {
        if let held = leases[key], held.end > now { return .held }
        tokenNumber += 1
        let token = Array("lease \(tokenNumber)".utf8)
        leases[key] = Lease(token: token, end: now.advanced(by: lifetime))
        return .granted(RemoteLease(key: key, token: token))
    }

    mutating func release(_ lease: RemoteLease, now: Instant, shard: ShardID) {
        guard leases[lease.key]?.token == lease.token else { return }
        leases[lease.key] = nil
        post(.leases(shard, [lease.key]), at: now)
    }

    // MARK: Observers

    mutating func addObserver(_ observer: Observer) -> Int {
        observerNumber += 1
        observers.append((observerNumber, observer))
        return observerNumber
    }

    mutating func removeObserver(_ number: Int) { observers.removeAll { $0.number == number } }

    mutating func setConnected(_ isNow: Bool, _ shard: ShardID, now: Instant) {
        guard isConnected[shard.index] != isNow else { return }
        isConnected[shard.index] = isNow
        observerNumber += 1
        for (_, observer) in observers {
            observer.post(
                isNow
                    ? .connected(shard, epoch: UInt64(observerNumber)) : .disconnected(shard, reason: "it was broken"),
                at: now)
        }
    }

    func post(_ event: InvalidationEvent, at now: Instant) {
        switch event {
        case .keys(let shard, _), .leases(let shard, _), .everything(let shard), .canary(let shard, _):
            guard isConnected[shard.index] else { return }
        case .connected, .disconnected: break
        }
        for (_, observer) in observers { observer.post(event, at: now) }
    }

    func isConnected(_ shard: ShardID) -> Bool { isConnected[shard.index] }
}
