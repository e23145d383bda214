public import StrataTiering

/// A ``RemoteStore`` in memory, shared by as many tiered hashes as a test wants to have processes.
///
/// Keeps the contract in full: fields with deadlines, leases, reports of changes, several shards. Time passes only with its clock: a call
/// takes as long as ``Configuration/latency`` says, and so does a report.
///
/// **Concurrency:** callable from any task.
public final class InMemoryRemoteStore: RemoteStore {
    /// What it is like.
    public struct Configuration: Sendable {
        /// How many shards it has.
        public var shardCount = 1
        /// What it can do.
        public var capabilities = RemoteCapabilities(fieldDeadlines: true, tracking: true, leases: true)
        /// How long a call takes: half of it on the way there, half on the way back.
        public var latency = Duration.zero
        /// How long a report of a change takes.
        public var reportLatency = Duration.zero
        /// How often a canary is sent; `nil` for never.
        public var canaryInterval: Duration?

        /// One shard that can do everything, at once.
        public init() {}
    }

    private let configuration: Configuration
    private let clock: TieringClock
    let state: Guarded<ServerState>

    /// An empty store.
    ///
    /// - Parameters:
    ///   - configuration: What it is like.
    ///   - clock: What its time passes by.
    public init(configuration: Configuration = .init(), clock: TieringClock) {
        self.configuration = configuration
        self.clock = clock
        state = Guarded(ServerState(shardCount: max(configuration.shardCount, 1)))
    }

    /// What it can do.
    public var capabilities: RemoteCapabilities { configuration.capabilities }

    /// Its shards.
    public var shards: [ShardID] { (0..<max(configuration.shardCount, 1)).map { ShardID($0) } }

    /// The shard of a key: what is between the first braces of it decides, if there is something.
    public func shard(of key: [UInt8]) -> ShardID {
        var tag = key[...]
        if let open = key.firstIndex(of: UInt8(ascii: "{")),
            let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        {
            tag = key[(open + 1)..<close]
        }
        // FNV-1a: the same in each run.
        let hash = tag.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return ShardID(Int(hash % UInt64(max(configuration.shardCount, 1))))
    }

    /// Reads fields of a hash.
    public func read(
        _ key: [UInt8], _ fields: FieldSelection, deadline: Instant
    ) async throws(RemoteStoreError) -> RemoteHash {
        try await call(key, deadline, isWrite: false) { state, now, _ in state.read(key, fields, now: now) }
    }

    /// Changes a hash.
    public func write(
        _ key: [UInt8], _ write: HashWrite, deadline: Instant
    ) async throws(RemoteStoreError) -> WriteOutcome {
        for field in write.fields where field.content == .missing {
            throw RemoteStoreError(.invalidRequest, "a missing field can't be set")
        }
        return try await call(key, deadline, isWrite: true) { state, now, shard in
            state.write(key, write, now: now, shard: shard)
        }
    }

    /// Adds to the integer in a field.
    public func increment(
        _ key: [UInt8], _ field: [UInt8], by amount: Int64, keyLifetime: Duration?, deadline: Instant
    ) async throws(RemoteStoreError) -> Int64 {
        let result = try await call(key, deadline, isWrite: true) { state, now, shard in
            state.increment(key, field, by: amount, keyLifetime: keyLifetime, now: now, shard: shard)
        }
        guard let result else { throw RemoteStoreError(.notANumber, "the field doesn't hold an integer") }
        return result
    }

    /// Takes the lease of a key.
    public func acquireLease(
        on key: [UInt8], lifetime: Duration, deadline: Instant
    ) async throws(RemoteStoreError) -> LeaseAnswer {
        guard capabilities.leases else { throw RemoteStoreError(.unsupported, "there are no leases") }
        return try await call(key, deadline, isWrite: true) { state, now, _ in
            state.acquireLease(on: key, lifetime: lifetime, now: now)
        }
    }

    /// Gives a lease back.
    public func release(_ lease: RemoteLease, deadline: Instant) async throws(RemoteStoreError) {
        try await call(lease.key, deadline, isWrite: true) { state, now, shard in
            state.release(lease, now: now, shard: shard)
        }
    }

    /// Reports changes until the task is cancelled.
    public func observeInvalidations(
        prefixes: [[UInt8]], _ receive: @escaping @Sendable (InvalidationEvent) -> Void
    ) async throws(RemoteStoreError) {
        guard capabilities.tracking else { throw RemoteStoreError(.unsupported, "changes aren't reported") }
        let observer = Observer(prefixes: prefixes, receive: receive)
        let number = state.withLock { $0.addObserver(observer) }
        defer {
            state.withLock { $0.removeObserver(number) }
            observer.close()
        }
        let now = clock.now()
        let connected = state.withLock { state in shards.filter { state.isConnected($0) } }
        for shard in connected { observer.post(.connected(shard, epoch: UInt64(number)), at: now) }
        await observer.deliver(
            clock: clock, delay: configuration.reportLatency, canaryInterval: configuration.canaryInterval,
            shards: shards)
    }

    // MARK: What tests do to it

    /// All fields of a key that have values, as the store knows them now.
    public func contents(of key: [UInt8]) -> [[UInt8]: [UInt8]] {
        let now = clock.now()
        return state.withLock { state in
            let hash = state.read(key, .all, now: now)
            return Dictionary(hash.fields.compactMap { field in field.value.map { (field.name, $0) } }) { first, _ in
                first
            }
        }
    }

    /// When a key ends, if it has a deadline.
    public func deadline(of key: [UInt8]) -> Instant? {
        let now = clock.now()
        return state.withLock { $0.read(key, .all, now: now).deadline }
    }

    /// How many reads and writes were served.
    public var callCount: (reads: Int, writes: Int) { state.withLock { ($0.readCount, $0.writeCount) } }

    /// How many observe it at this moment.
    public var observerCount: Int { state.withLock { $0.observers.count } }

    /// Removes all keys of a shard, and reports that.
    public func removeAll(of shard: ShardID = .single) {
        let now = clock.now()
        state.withLock { state in
            for key in state.keys where self.shard(of: key) == shard { state.forget(key) }
            state.post(.everything(shard), at: now)
        }
    }

    /// Breaks the streams of reports of a shard; changes go unreported until ``reconnect(_:)``.
    public func disconnect(_ shard: ShardID = .single) {
        let now = clock.now()
        state.withLock { $0.setConnected(false, shard, now: now) }
    }

    /// Mends the streams of reports of a shard.
    public func reconnect(_ shard: ShardID = .single) {
        let now = clock.now()
        state.withLock { $0.setConnected(true, shard, now: now) }
    }

    /// Remembers what it holds, for ``restore(_:)``.
    public func snapshot() -> Snapshot { state.withLock { Snapshot(hashes: $0.hashes) } }

    /// Goes back to what it held, as a failover does to a replica that lagged behind: later writes are lost, and leases too.
    ///
    /// The streams of reports break, and are mended.
    public func restore(_ snapshot: Snapshot) {
        let now = clock.now()
        state.withLock { state in
            for shard in shards { state.setConnected(false, shard, now: now) }
            state.hashes = snapshot.hashes
            state.leases = [:]
            for shard in shards { state.setConnected(true, shard, now: now) }
        }
    }

    /// What a store held at a moment.
    public struct Snapshot: Sendable {
        let hashes: [[UInt8]: ServerState.Hash]
    }

    private func call<Result: Sendable>(
        _ key: [UInt8], _ deadline: Instant, isWrite: Bool,
        _ body: (inout ServerState, Instant, ShardID) -> Result
    ) async throws(RemoteStoreError) -> Result {
        let half = configuration.latency / 2
        try await pass(half, until: deadline, else: .timeout)
        let now = clock.now()
        let shard = shard(of: key)
        let result = state.withLock { state in
            if isWrite { state.writeCount += 1 } else { state.readCount += 1 }
            return body(&state, now, shard)
        }
        try await pass(half, until: deadline, else: isWrite ? .unknownOutcome : .timeout)
        return result
    }

    private func pass(
        _ time: Duration, until deadline: Instant, else code: RemoteStoreError.Code
    ) async throws(RemoteStoreError) {
        let arrival = clock.now().advanced(by: time)
        do {
            if time > .zero { try await clock.sleep(min(arrival, deadline)) } else { try Task.checkCancellation() }
        } catch {
            throw RemoteStoreError(code == .unknownOutcome ? code : .cancelled, "the caller was cancelled")
        }
        if arrival > deadline || clock.now() > deadline { throw RemoteStoreError(code, "the deadline has passed") }
    }
}
