import Strata
import StrataRESP
import Synchronization

/// Who has read which keys, for `CLIENT TRACKING`.
///
/// In the default mode a key is remembered when a client reads it, under the lock of the key's shard, and reported and forgotten when it
/// changes, under the same lock: no change falls in between. Keys are remembered by name alone, whatever their database. The table is
/// bounded; when it is full, the oldest keys are reported as if they had changed.
///
/// In broadcast mode nothing is remembered: each event loop collects the keys it has changed and reports them once per batch of
/// requests to the clients whose prefixes match.
///
/// **Concurrency:** from any thread. Lock order: shard, this table, a client's outbox; the registry of clients is never locked inside.
final class TrackingTable: Sendable {
    private struct Member {
        let client: Client
        var options: TrackingOptions
        var isRedirectionBroken = false
    }

    private struct State {
        var members: [UInt64: Member] = [:]
        var readers: [[UInt8]: [UInt64]] = [:]
        var readerCount = 0
        /// The keys of `readers` in the order in which they were entered, and keys that have been removed since.
        var order: [[UInt8]] = []
        var orderStart = 0
        var prefixes: [[UInt8]: Set<UInt64>] = [:]
    }

    private let state = Locked(State())
    private let clients: ClientRegistry
    private let memberCount = RelaxedInteger()
    private let prefixCount = RelaxedInteger()
    private let keyCount = RelaxedInteger()
    private let filter = CountingFilter()
    /// The most keys remembered; 0 means no bound.
    let maximumKeyCount = RelaxedInteger(1_000_000)

    init(clients: ClientRegistry) {
        self.clients = clients
    }

    /// Whether any client tracks anything.
    @inline(__always)
    var isInUse: Bool { memberCount.current > 0 }

    /// Whether more keys are remembered than are allowed.
    @inline(__always)
    var isOverBound: Bool {
        let maximum = maximumKeyCount.current
        return keyCount.current > maximum && maximum > 0
    }

    /// The figures for `INFO`: clients, keys, pairs of a key and a client, prefixes.
    var figures: (clients: Int, keys: Int, items: Int, prefixes: Int) {
        state.withLock { ($0.members.count, $0.readers.count, $0.readerCount, $0.prefixes.count) }
    }

    /// Begins or changes a client's tracking; prefixes are added to those it has.
    func enable(_ client: Client, _ options: TrackingOptions) {
        state.withLock { state in
            state.members[client.identifier] = Member(client: client, options: options)
            for prefix in options.prefixes { state.prefixes[prefix, default: []].insert(client.identifier) }
            memberCount.set(state.members.count)
            prefixCount.set(state.prefixes.count)
        }
    }

    /// Ends a client's tracking.
    ///
    /// Keys remembered for it are forgotten when they change.
    func disable(_ client: Client) {
        state.withLock { state in
            guard let member = state.members.removeValue(forKey: client.identifier) else { return }
            for prefix in member.options.prefixes {
                state.prefixes[prefix]?.remove(client.identifier)
                if state.prefixes[prefix]?.isEmpty == true { state.prefixes[prefix] = nil }
            }
            memberCount.set(state.members.count)
            prefixCount.set(state.prefixes.count)
            if state.members.isEmpty { forgetKeys(&state) }
        }
    }

    /// Remembers that a client has read the keys of a command.
    ///
    /// The keys' shards are locked.
    func remember(_ command: CommandReference, _ arguments: RESPArguments, for client: Client) {
        guard let options = client.tracking, command.pointee.flags.contains(.readOnly),
            options.remembersKeys(cachingGiven: client.gate.contains(.caching))
        else { return }
        state.withLock { state in
            for position in command.pointee.specification.keyPositions(argumentCount: arguments.count) {
                let bytes = arguments[position]
                let key = Array(bytes)
                if state.readers[key] == nil {
                    filter.add(bytes)
                    state.order.append(key)
                }
                if state.readers[key]?.contains(client.identifier) == true { continue }
                state.readers[key, default: []].append(client.identifier)
                state.readerCount += 1
            }
            keyCount.set(state.readers.count)
            if state.order.count > 64 + state.readers.count * 2 {
                var seen: Set<[UInt8]> = []
                state.order = state.order[state.orderStart...].filter {
                    state.readers[$0] != nil && seen.insert($0).inserted
                }
                state.orderStart = 0
            }
        }
    }

    /// Reports and forgets the oldest keys beyond the bound.
    ///
    /// Called between commands.
    func enforceBound(by worker: Worker) {
        let maximum = maximumKeyCount.current
        guard maximum > 0, isInUse else { return }
        while true {
            let oldest: [UInt8]? = state.withLock { state in
                guard state.readers.count > maximum else { return nil }
                while state.orderStart < state.order.count {
                    defer { state.orderStart += 1 }
                    if state.readers[state.order[state.orderStart]] != nil { return state.order[state.orderStart] }
                }
                return nil
            }
            guard let oldest else { return }
            oldest.withUnsafeBytes { reportAndForget($0, changedBy: 0, worker: worker) }
        }
    }

    /// Reports a change.
    ///
    /// The key's shard is locked.
    func keyChanged(_ key: Bytes, by worker: Worker?) {
        let changer = worker?.current?.identifier ?? 0
        if prefixCount.current > 0 { worker?.broadcasts.add(key, changedBy: changer) }
        guard filter.mayContain(key) else { return }
        reportAndForget(key, changedBy: changer, worker: worker)
    }

    private func reportAndForget(_ key: Bytes, changedBy changer: UInt64, worker: Worker?) {
        let targets: [Member] = state.withLock { state in
            guard let readers = state.readers.removeValue(forKey: Array(key)) else { return [] }
            filter.remove(key)
            state.readerCount -= readers.count
            keyCount.set(state.readers.count)
            return readers.compactMap { reader in
                guard let member = state.members[reader], !member.options.isBroadcast else { return nil }
                return member.options.isNoLoop && reader == changer ? nil : member
            }
        }
        // All have the message before the first can see it: whoever learns of the change from one client finds that the others were told too.
        var sleepers: [Client] = []
        for target in targets {
            let sleeper = leave(for: target, worker: worker) { writer in
                writer.arrayHeader(1)
                writer.bulk(key)
            }
            if let sleeper { sleepers.append(sleeper) }
        }
        for sleeper in sleepers { sleeper.wake() }
    }

    /// Reports to all clients that every key may have changed, and forgets all keys.
    func databasesFlushed(by worker: Worker) {
        guard isInUse else { return }
        let members = state.withLock { state in
            forgetKeys(&state)
            return Array(state.members.values)
        }
        for member in members {
            send(to: member, worker: worker) { writer in
                writer.raw(member.client.status.version.current >= 3 ? "_\r\n" : "*-1\r\n")
            }
        }
    }

    /// Reports the keys that an event loop has changed to the clients that track prefixes of them.
    func send(_ batch: inout BroadcastBatch, from worker: Worker) {
        let keys = batch.keys
        batch.removeAll()
        let audience: [(prefix: [UInt8], members: [Member])] = state.withLock { state in
            state.prefixes.map { prefix, readers in (prefix, readers.compactMap { state.members[$0] }) }
        }
        for (prefix, members) in audience {
            let matching = prefix.isEmpty ? keys : keys.filter { $0.key.starts(with: prefix) }
            guard !matching.isEmpty else { continue }
            for member in members {
                let isNoLoop = member.options.isNoLoop
                let reported = isNoLoop ? matching.filter { $0.value != member.client.identifier } : matching
                guard !reported.isEmpty else { continue }
                send(to: member, worker: worker) { writer in
                    writer.arrayHeader(reported.count)
                    for key in reported.keys { writer.bulk(key) }
                }
            }
        }
    }

    private func forgetKeys(_ state: inout State) {
        state.readers = [:]
        state.readerCount = 0
        keyCount.set(0)
        state.order = []
        state.orderStart = 0
        filter.removeAll()
    }

    /// Sends an invalidation to a client or to the one it has named instead.
    private func send(to member: Member, worker: Worker?, _ keys: (RESPWriter) -> Void) {
        leave(for: member, worker: worker, keys)?.wake()
    }

    /// Leaves an invalidation for a client or for the one it has named instead.
    ///
    /// - Returns: The client that has to be woken, if one has to be.
    private func leave(for member: Member, worker: Worker?, _ keys: (RESPWriter) -> Void) -> Client? {
        var receiver = member.client
        if member.options.redirection != 0 {
            guard let other = clients.find(member.options.redirection) else {
                reportBrokenRedirection(of: member, worker)
                return nil
            }
            receiver = other
        }
        let version = receiver.status.version.current
        let isSubscriber = receiver.status.contains(.subscriber)
        guard version >= 3 || (member.options.redirection != 0 && isSubscriber) else { return nil }
        let mustWake = PushMessage.leave(for: receiver, from: worker) { writer in
            if version >= 3 {
                writer.pushHeader(2)
                writer.bulk("invalidate")
            } else {
                writer.arrayHeader(3)
                writer.bulk("message")
                writer.bulk("__redis__:invalidate")
            }
            keys(writer)
        }
        return mustWake ? receiver : nil
    }

    private func reportBrokenRedirection(of member: Member, _ worker: Worker?) {
        member.client.status.set(.brokenRedirection, true)
        guard member.client.status.version.current >= 3 else { return }
        PushMessage.send(to: member.client, from: worker) { writer in
            writer.pushHeader(2)
            writer.bulk("tracking-redir-broken")
            writer.integer(Int(member.options.redirection))
        }
    }
}
