import NIOCore
import StrataRESP
import Synchronization

/// Commands that go out next to each other, and what stands around them.
enum CommandBatch {
    private static let multi = [Array("MULTI".utf8)]
    private static let exec = [Array("EXEC".utf8)]

    static func transaction(_ commands: [[[UInt8]]]) -> [[[UInt8]]] { [multi] + commands + [exec] }

    static func isTransaction(_ commands: [[[UInt8]]]) -> Bool { commands.first == multi }
}

extension [RedisCommand] {
    /// What repeating all of them would do.
    var strongestEffect: RedisCommand.Effect {
        if contains(where: { $0.effect == .write }) { return .write }
        return contains { $0.effect == .idempotent } ? .idempotent : .readOnly
    }
}

extension RedisClient {
    /// Carries out commands that lie next to each other on one connection, where a key lives.
    ///
    /// Unless it waits out moves, that only some of the keys have moved to another server is an answer.
    func execute(
        _ commands: [[[UInt8]]], effect: RedisCommand.Effect, key: [UInt8]?, deadline: NIODeadline,
        waitsOutMoves: Bool = true
    ) async throws(RedisError) -> [RESPValue] {
        do throws(RedisError) {
            let replies: [RESPValue]
            if let cluster {
                replies = try await cluster.execute(
                    commands, effect: effect, slot: key.map { HashSlot(of: $0).number }, deadline: deadline,
                    waitsOutMoves: waitsOutMoves)
            } else {
                replies = try await executeOnServer(commands, effect: effect, deadline: deadline)
            }
            count(answered: commands.count)
            return replies
        } catch {
            count(failed: commands.count)
            throw error
        }
    }

    private func count(answered: Int = 0, failed: Int = 0) {
        // relaxed: counters.
        if answered > 0 { answeredCommandCount.wrappingAdd(answered, ordering: .relaxed) }
        if failed > 0 { failedCommandCount.wrappingAdd(failed, ordering: .relaxed) }
    }

    /// How often a call whose connection was lost is sent again at most.
    private static let maximumRepetitions = 3

    private func executeOnServer(
        _ commands: [[[UInt8]]], effect: RedisCommand.Effect, deadline: NIODeadline
    ) async throws(RedisError) -> [RESPValue] {
        let node = try nodes.node(configuration.endpoints[0])
        var repetitions = 0
        while true {
            do throws(RedisError) {
                return try await node.lane.call(commands, effect: effect, deadline: deadline)
            } catch {
                guard error.code == .connectionLost, Self.maximumRepetitions > repetitions, .now() < deadline else {
                    throw error.code == .connectionLost ? RedisError(.unavailable, error.message) : error
                }
                repetitions += 1
            }
        }
    }

    func pipeline(_ commands: [RedisCommand], deadline: NIODeadline) async -> [Result<RESPValue, RedisError>] {
        guard !commands.isEmpty else { return [] }
        let results: [Result<RESPValue, RedisError>]
        if let cluster {
            results = await cluster.pipeline(commands, deadline: deadline)
        } else {
            do throws(RedisError) {
                let replies = try await executeOnServer(
                    commands.map(\.arguments), effect: commands.strongestEffect, deadline: deadline)
                results = replies.map { .success($0) }
            } catch {
                results = commands.map { _ in .failure(error) }
            }
        }
        let failed = results.count { if case .failure = $0 { true } else { false } }
        count(answered: results.count - failed, failed: failed)
        return results
    }
}
