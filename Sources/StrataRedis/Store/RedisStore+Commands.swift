import NIOCore
import StrataRESP
import StrataTiering

extension RedisStore {
    /// Carries out commands next to each other.
    ///
    /// - Throws: ``RemoteStoreError``, also for an error that the server answers with.
    func commands(
        _ commands: [[[UInt8]]], effect: RedisCommand.Effect, key: [UInt8]?, deadline: Instant
    ) async throws(RemoteStoreError) -> [RESPValue] {
        do throws(RedisError) {
            return try await client.execute(commands, effect: effect, key: key, deadline: ioDeadline(deadline))
        } catch {
            throw RemoteStoreError(error, shard: key.map(shard(of:)))
        }
    }

    /// Carries out a script, which the server may have to be given first.
    ///
    /// A server that doesn't know it hasn't done anything, so sending it again repeats nothing.
    ///
    /// - Returns: The answer, which may be that the keys are just being moved (``isMoving(_:)``) if there are several.
    /// - Throws: ``RemoteStoreError``, also for an error that the server answers with.
    func run(
        _ script: Script, keys: [[UInt8]], _ arguments: [[UInt8]], effect: RedisCommand.Effect, deadline: Instant
    ) async throws(RemoteStoreError) -> RESPValue {
        let key = keys[0]
        var reply = RESPValue.null
        do throws(RedisError) {
            for command in [script.command(keys: keys, arguments), script.fullCommand(keys: keys, arguments)] {
                reply = try await client.execute(
                    [command], effect: effect, key: key, deadline: ioDeadline(deadline), waitsOutMoves: keys.count == 1)[
                        0]
                if reply.errorCode != "NOSCRIPT" { break }
            }
        } catch {
            throw RemoteStoreError(error, shard: shard(of: key))
        }
        if !isMoving(reply) { try check(reply, key) }
        return reply
    }

    /// Whether an answer says that some of the keys have moved to another server and some haven't yet.
    func isMoving(_ reply: RESPValue) -> Bool { reply.errorCode == "TRYAGAIN" }

    /// Carries out a script that changes a key and ends its lease.
    ///
    /// That is one step, unless the slot is being moved: as long as that lasts, nothing can be done to two keys at once of which one
    /// isn't there. Then the lease is taken first, from whoever has it; nobody else can store under a lease meanwhile, and afterwards it is
    /// given back: what others may see is the same.
    ///
    /// `arguments` gives what the script wants to know, by the token whose lease it still has to check, or none. The answer is 0 where
    /// the lease has ended.
    func change(
        _ key: [UInt8], by script: Script, token: [UInt8], effect: RedisCommand.Effect, deadline: Instant,
        arguments: (_ token: [UInt8]) -> [[UInt8]]
    ) async throws(RemoteStoreError) -> RESPValue {
        let lease = StoreKeys.lease(of: key)
        let reply = try await run(script, keys: [key, lease], arguments(token), effect: effect, deadline: deadline)
        guard isMoving(reply) else { return reply }
        let own = makeToken()
        let left = Self.milliseconds(clock.now().duration(to: deadline))
        let life = String(min(max(left, 0), 60_000) + 1000)
        // Taking it over from somebody whose token it no longer is can't be told from having done so: not to be repeated.
        let taken = try await run(
            StoreScripts.takeOver, keys: [lease], [token, own, Array(life.utf8)],
            effect: token.isEmpty ? .idempotent : .write,
            deadline: deadline)
        guard taken.integer == 1 else { return .integer(0) }
        let answer = try await run(script, keys: [key], arguments([]), effect: effect, deadline: deadline)
        try await release(RemoteLease(key: key, token: own), deadline: deadline)
        return answer
    }

    /// - Throws: What an error of the server means, if this is one.
    func check(_ reply: RESPValue, _ key: [UInt8]) throws(RemoteStoreError) {
        guard let message = reply.errorMessage else { return }
        throw RemoteStoreError(serverMessage: message, shard: shard(of: key))
    }

    func malformed(_ what: String, _ key: [UInt8]) -> RemoteStoreError {
        RemoteStoreError(.malformedAnswer, "the answer to \(what) can't be understood", shard: shard(of: key))
    }

    /// A moment of this store's clock on the event loop's.
    func ioDeadline(_ deadline: Instant) -> NIODeadline {
        if deadline == .distantFuture { return .distantFuture }
        let left = clock.now().duration(to: deadline)
        return .now() + TimeAmount(min(left, .seconds(365 * 86_400)))
    }
}

extension RemoteStoreError {
    /// What a failure of the client means for a store.
    init(_ error: RedisError, shard: ShardID? = nil) {
        let code: Code =
            switch error.code {
            case .timeout: .timeout
            case .unknownOutcome: .unknownOutcome
            case .overloaded: .overloaded
            case .denied: .denied
            case .unsupported: .unsupported
            case .malformedAnswer: .malformedAnswer
            case .cancelled: .cancelled
            case .invalidRequest: .invalidRequest
            default: .unavailable
            }
        self.init(code, error.message, shard: shard)
    }

    /// What an error that a server answered with means.
    init(serverMessage message: String, shard: ShardID?) {
        let lowercased = message.lowercased()
        let code: Code =
            if message.contains("WRONGTYPE") {
                .wrongType
            } else if lowercased.contains("not an integer") || lowercased.contains("would overflow") {
                .notANumber
            } else if message.hasPrefix("NOPERM") || message.hasPrefix("NOAUTH") || message.hasPrefix("WRONGPASS")
                || lowercased.contains("no permissions")
            {
                .denied
            } else if message.contains("OOM ") {
                .outOfMemory
            } else if lowercased.contains("unknown command") {
                .unsupported
            } else if message.hasPrefix("LOADING") || message.hasPrefix("CLUSTERDOWN")
                || message.hasPrefix("MASTERDOWN")
                || message.hasPrefix("TRYAGAIN") || message.hasPrefix("BUSY") || message.hasPrefix("READONLY")
                || message.hasPrefix("NOREPLICAS") || message.hasPrefix("MISCONF")
            {
                .unavailable
            } else {
                .serverError
            }
        self.init(code, message, shard: shard)
    }
}
