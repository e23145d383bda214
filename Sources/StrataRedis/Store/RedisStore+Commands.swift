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
    func run(
        _ script: Script, keys: [[UInt8]], _ arguments: [[UInt8]], effect: RedisCommand.Effect, deadline: Instant
    ) async throws(RemoteStoreError) -> RESPValue {
        let key = keys[0]
        var reply = try await commands(
            [script.command(keys: keys, arguments)], effect: effect, key: key, deadline: deadline)[0]
        if reply.errorCode == "NOSCRIPT" {
            reply = try await commands(
                [script.fullCommand(keys: keys, arguments)], effect: effect, key: key, deadline: deadline)[0]
        }
        try check(reply, key)
        return reply
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
