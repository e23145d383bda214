import StrataRESP
public import StrataTiering

extension RedisStore {
    /// Changes a hash in one step on the server, and ends the lease of the key in the same.
    public func write(
        _ key: [UInt8], _ write: HashWrite, deadline: Instant
    ) async throws(RemoteStoreError) -> WriteOutcome {
        if !client.servers.isKnown { try await connect(deadline: deadline) }
        let areNative = client.servers.haveFieldDeadlines
        let now = clock.now()
        var removed: [[UInt8]] = []
        if case .fields(let names) = write.removal { removed = names }
        var coming: [[UInt8]] = []
        var comingCount = 0
        for field in write.fields {
            if field.content == .missing {
                throw RemoteStoreError(
                    .invalidRequest, "a field that is missing can't be written", shard: shard(of: key))
            }
            var time: Int64 = -1
            if let deadline = field.deadline, deadline != .distantFuture {
                time = Self.milliseconds(now.duration(to: deadline))
                if time <= 0 {
                    // Its time is over before it comes.
                    removed.append(field.name)
                    continue
                }
            }
            let isInside = time >= 0 && !areNative
            let (head, value) =
                isInside ? FieldEnvelope.parts(field.content) : ([], FieldEnvelope.closed(field.content))
            coming += [field.name, Array(String(time).utf8), head, value]
            comingCount += 1
        }
        let (kind, life): (String, Int64) =
            switch write.keyLifetime {
            case .keep: ("0", 0)
            case .set(let duration): ("1", max(Self.milliseconds(duration), 0))
            case .atLeast(let duration): ("2", max(Self.milliseconds(duration), 0))
            }
        var token: [UInt8] = []
        if case .lease(let lease) = write.condition {
            guard lease.key == key, !lease.token.isEmpty else {
                throw RemoteStoreError(.invalidRequest, "the lease is one of another key", shard: shard(of: key))
            }
            token = lease.token
        }
        let goneCount = write.removal == .everything ? -1 : removed.count
        let effect: RedisCommand.Effect = write.isIdempotent ? .idempotent : .write
        let reply = try await change(key, by: StoreScripts.write, token: token, effect: effect, deadline: deadline) {
            token in
            [token] + [areNative ? "1" : "0", kind, String(life), String(goneCount), String(comingCount)].bytes
                + (goneCount > 0 ? removed : []) + coming
        }
        return reply.integer == 0 ? .leaseLost : .done
    }

    /// Adds to the integer in a field in one step on the server, keeps the field's deadline, and ends the lease of the key.
    public func increment(
        _ key: [UInt8], _ field: [UInt8], by amount: Int64, keyLifetime: Duration?, deadline: Instant
    ) async throws(RemoteStoreError) -> Int64 {
        let life = keyLifetime.map { max(Self.milliseconds($0), 0) } ?? -1
        let arguments = [field] + [String(amount), String(life)].bytes + [FieldEnvelope.magic]
        let reply = try await change(
            key, by: StoreScripts.increment, token: [], effect: .write, deadline: deadline
        ) { _ in arguments }
        guard let sum = reply.integer else { throw malformed("an increment", key) }
        return sum
    }

    /// Takes the lease of a key: a key of its own, set if it isn't there, with a time to live.
    public func acquireLease(
        on key: [UInt8], lifetime: Duration, deadline: Instant
    ) async throws(RemoteStoreError) -> LeaseAnswer {
        let token = makeToken()
        let time = String(max(Self.milliseconds(lifetime), 1))
        let command = ["SET"].bytes + [StoreKeys.lease(of: key), token] + ["NX", "PX", time].bytes
        let reply = try await commands([command], effect: .write, key: key, deadline: deadline)[0]
        try check(reply, key)
        return reply.isNull ? .held : .granted(RemoteLease(key: key, token: token))
    }

    /// Gives a lease back, if it is still held.
    public func release(_ lease: RemoteLease, deadline: Instant) async throws(RemoteStoreError) {
        _ = try await run(
            StoreScripts.release, keys: [StoreKeys.lease(of: lease.key)], [lease.token], effect: .idempotent,
            deadline: deadline)
    }

    /// Whole milliseconds, rounded up so that nothing ends too early; at most some centuries.
    static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        guard seconds < 10_000_000_000 else { return 10_000_000_000_000 }
        guard seconds > -10_000_000_000 else { return -10_000_000_000_000 }
        let fraction = attoseconds / 1_000_000_000_000_000
        return seconds * 1000 + fraction + (attoseconds > fraction * 1_000_000_000_000_000 ? 1 : 0)
    }
}
