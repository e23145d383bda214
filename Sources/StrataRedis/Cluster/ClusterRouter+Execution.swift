import NIOCore
import StrataRESP
import StrataTiering

extension ClusterRouter {
    private static let asking = [Array("ASKING".utf8)]

    /// Carries out commands that lie next to each other, where a slot lives.
    ///
    /// The commands have no key, or keys of one slot; without a slot any server will do.
    func execute(
        _ commands: [[[UInt8]]], effect: RedisCommand.Effect, slot: Int?, deadline: NIODeadline,
        waitsOutMoves: Bool = true
    ) async throws(RedisError) -> [RESPValue] {
        var target = RedirectStateMachine.Target.owner
        var isAsking = false
        var machine = RedirectStateMachine(maximumCount: configuration.maximumRedirects)
        while true {
            let endpoint = try await self.endpoint(target, slot: slot, deadline: deadline)
            let action: RedirectStateMachine.Action
            do throws(RedisError) {
                let lane = try nodes.node(endpoint).lane
                let replies =
                    isAsking
                    ? try await call(asking: commands, on: lane, effect: effect, deadline: deadline)
                    : try await lane.call(commands, effect: effect, deadline: deadline)
                let decisive = Self.decisive(replies)
                if !waitsOutMoves, decisive.errorCode == "TRYAGAIN" { return replies }
                action = machine.received(decisive, from: endpoint)
                if case .finish = action { return replies }
                note(decisive, endpoint, action)
            } catch {
                action = try await failed(error, endpoint, target, slot: slot, &machine, deadline: deadline)
            }
            switch action {
            case .finish:
                throw RedisError(.unavailable, "\(endpoint) can't be reached")
            case .giveUp(let reason):
                throw RedisError(.unavailable, reason)
            case .resend(let next, let asks, let pause, let refreshes):
                target = next
                isAsking = asks
                try await wait(pause, deadline: deadline)
                guard refreshes else { continue }
                if next == .owner { await refresh(deadline: deadline) } else { startRefresh() }
            }
        }
    }

    /// Sends commands for a slot that is just arriving: leave to ask holds for one command, or for a transaction.
    private func call(
        asking commands: [[[UInt8]]], on lane: ConnectionLane, effect: RedisCommand.Effect, deadline: NIODeadline
    ) async throws(RedisError) -> [RESPValue] {
        if CommandBatch.isTransaction(commands) {
            let replies = try await lane.call([Self.asking] + commands, effect: effect, deadline: deadline)
            return Array(replies.dropFirst())
        }
        let replies = try await lane.call(
            commands.flatMap { [Self.asking, $0] }, effect: effect, deadline: deadline)
        return stride(from: 1, to: replies.count, by: 2).map { replies[$0] }
    }

    /// What to do when there is no answer.
    ///
    /// Somebody who can't be reached hasn't done anything: if the slot has gone to somebody else meanwhile, they are asked; if not,
    /// the call fails at once rather than wait for a failover.
    private func failed(
        _ error: RedisError, _ endpoint: RedisEndpoint, _ target: RedirectStateMachine.Target, slot: Int?,
        _ machine: inout RedirectStateMachine, deadline: NIODeadline
    ) async throws(RedisError) -> RedirectStateMachine.Action {
        switch error.code {
        case .connectionLost:
            guard NIODeadline.now() < deadline else { throw error }
            return machine.lostConnection(error.message)
        case .unavailable, .closed:
            guard !nodes.isClosed, NIODeadline.now() < deadline else { throw error }
            await refresh(deadline: deadline)
            guard slot == nil || owner(slot) != endpoint || target != .owner else { throw error }
            return machine.lostConnection(error.message)
        case .unknownOutcome, .timeout:
            // Perhaps a failover is going on: the next call is to know.
            startRefresh()
            throw error
        default:
            throw error
        }
    }

    private func owner(_ slot: Int?) -> RedisEndpoint? {
        guard let slot, let topology else { return nil }
        return topology.shard(ofSlot: slot)?.primary
    }

    private func endpoint(
        _ target: RedirectStateMachine.Target, slot: Int?, deadline: NIODeadline
    ) async throws(RedisError) -> RedisEndpoint {
        if case .server(let endpoint) = target { return endpoint }
        let topology = try await currentTopology(deadline: deadline)
        guard let slot else {
            let primaries = topology.shards.filter { !$0.slots.isEmpty }.map(\.primary)
            guard !primaries.isEmpty else { throw RedisError(.unavailable, "no member of the cluster has slots") }
            return primaries[min(Int(random() * Double(primaries.count)), primaries.count - 1)]
        }
        if let shard = topology.shard(ofSlot: slot) { return shard.primary }
        await refresh(deadline: deadline)
        guard let shard = self.topology?.shard(ofSlot: slot) else {
            throw RedisError(.unavailable, "nobody in the cluster has slot \(slot)")
        }
        return shard.primary
    }

    /// The reply that decides where to go: the first error that redirects, as one of a transaction's commands does.
    private static func decisive(_ replies: [RESPValue]) -> RESPValue {
        guard replies.count > 1 else { return replies.first ?? .null }
        return replies.first { reply in
            switch reply.errorCode {
            case "MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY": true
            default: false
            }
        } ?? .null
    }

    /// Learns from a redirect what it says about the slot.
    private func note(_ reply: RESPValue, _ endpoint: RedisEndpoint, _ action: RedirectStateMachine.Action) {
        guard case .resend(.server(let target), let asks, _, _) = action else { return }
        if let slot = RedirectStateMachine.slot(reply) {
            state.withLock { state in
                if state.topology?.shards.contains(where: { $0.primary == target }) ?? false {
                    state.topology?.move(slot: slot, to: target)
                    if let topology = state.topology { owners.update(to: topology) }
                }
            }
        }
        if asks, !(topology?.shards.contains { $0.primary == target } ?? false) { startRefresh() }
    }

    private func wait(_ pause: Duration, deadline: NIODeadline) async throws(RedisError) {
        guard pause > .zero else { return }
        guard NIODeadline.now() + TimeAmount(pause) < deadline else {
            throw RedisError(.timeout, "the time was up before the cluster was ready to answer")
        }
        do { try await Task.sleep(for: pause) } catch { throw RedisError(.cancelled, "the task was cancelled") }
    }

    /// Carries out commands that stand each for itself: one round trip to each server that is concerned, then whatever redirects ask for.
    func pipeline(_ commands: [RedisCommand], deadline: NIODeadline) async -> [Result<RESPValue, RedisError>] {
        let topology: ClusterTopology
        do throws(RedisError) {
            topology = try await currentTopology(deadline: deadline)
        } catch {
            return commands.map { _ in .failure(error) }
        }
        var groups: [RedisEndpoint?: [Int]] = [:]
        for (index, command) in commands.enumerated() {
            let slot = command.key.map { HashSlot(of: $0).number }
            groups[slot.flatMap { topology.shard(ofSlot: $0)?.primary }, default: []].append(index)
        }
        var results = [Result<RESPValue, RedisError>?](repeating: nil, count: commands.count)
        await withTaskGroup(of: [(Int, Result<RESPValue, RedisError>)].self) { group in
            for (endpoint, indices) in groups {
                group.addTask { await self.send(commands, indices, to: endpoint, deadline: deadline) }
            }
            for await part in group {
                for (index, result) in part { results[index] = result }
            }
        }
        return results.map { $0 ?? .failure(RedisError(.malformedAnswer, "there is no reply")) }
    }

    /// Sends some of the commands to one server, and those again that it redirects.
    private func send(
        _ commands: [RedisCommand], _ indices: [Int], to endpoint: RedisEndpoint?, deadline: NIODeadline
    ) async -> [(Int, Result<RESPValue, RedisError>)] {
        guard let endpoint else { return await sendSingly(commands, indices, deadline: deadline) }
        let part = indices.map { commands[$0] }
        do throws(RedisError) {
            let lane = try nodes.node(endpoint).lane
            let replies = try await lane.call(
                part.map(\.arguments), effect: part.strongestEffect, deadline: deadline)
            var finished: [(Int, Result<RESPValue, RedisError>)] = []
            var again: [Int] = []
            for (index, reply) in zip(indices, replies) {
                var machine = RedirectStateMachine(maximumCount: 1)
                if case .finish = machine.received(reply, from: endpoint) {
                    finished.append((index, .success(reply)))
                } else {
                    again.append(index)
                }
            }
            return again.isEmpty ? finished : finished + (await sendSingly(commands, again, deadline: deadline))
        } catch {
            switch error.code {
            case .connectionLost, .unavailable, .closed: return await sendSingly(commands, indices, deadline: deadline)
            default: return indices.map { ($0, .failure(error)) }
            }
        }
    }

    /// Sends commands one by one, in order of the slots: those of one slot keep their order.
    private func sendSingly(
        _ commands: [RedisCommand], _ indices: [Int], deadline: NIODeadline
    ) async -> [(Int, Result<RESPValue, RedisError>)] {
        await withTaskGroup(of: [(Int, Result<RESPValue, RedisError>)].self) { group in
            let bySlot = Dictionary(grouping: indices) { index in commands[index].key.map { HashSlot(of: $0).number } }
            for (slot, indices) in bySlot {
                group.addTask {
                    var results: [(Int, Result<RESPValue, RedisError>)] = []
                    for index in indices {
                        do throws(RedisError) {
                            let replies = try await self.execute(
                                [commands[index].arguments], effect: commands[index].effect, slot: slot,
                                deadline: deadline)
                            results.append((index, .success(replies[0])))
                        } catch {
                            results.append((index, .failure(error)))
                        }
                    }
                    return results
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }
}
