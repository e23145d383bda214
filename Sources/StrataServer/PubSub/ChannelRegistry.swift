import Strata
import StrataRESP

/// Who has subscribed to which channels and patterns.
///
/// **Concurrency:** from any thread.
final class ChannelRegistry: Sendable {
    private struct State {
        var channels: [[UInt8]: [Client]] = [:]
        var patterns: [[UInt8]: [Client]] = [:]
    }

    private let state = Locked(State())

    /// How many channels have subscribers, and how many patterns.
    var counts: (channels: Int, patterns: Int) {
        state.withLock { ($0.channels.count, $0.patterns.count) }
    }

    /// Adds a subscription to a channel or, if `isPattern`, a pattern.
    func add(_ client: Client, to name: [UInt8], isPattern: Bool) {
        state.withLock { state in
            if isPattern {
                state.patterns[name, default: []].append(client)
            } else {
                state.channels[name, default: []].append(client)
            }
        }
    }

    /// Ends a subscription.
    func remove(_ client: Client, from name: [UInt8], isPattern: Bool) {
        state.withLock { state in
            if isPattern {
                state.patterns[name]?.removeAll { $0 === client }
                if state.patterns[name]?.isEmpty == true { state.patterns[name] = nil }
            } else {
                state.channels[name]?.removeAll { $0 === client }
                if state.channels[name]?.isEmpty == true { state.channels[name] = nil }
            }
        }
    }

    /// Ends all subscriptions of a client.
    func removeAll(of client: Client) {
        for name in client.channels { remove(client, from: name, isPattern: false) }
        for name in client.patterns { remove(client, from: name, isPattern: true) }
        client.channels = []
        client.patterns = []
        client.updateSubscribedGate()
    }

    /// Sends a message to everybody who has subscribed to a channel or to a pattern that its name matches.
    ///
    /// - Returns: How many subscriptions that were.
    func publish(_ message: Bytes, to channel: Bytes, from worker: Worker) -> Int {
        let (subscribers, matches): ([Client], [(pattern: [UInt8], clients: [Client])]) = state.withLock { state in
            let subscribers = state.channels[Array(channel)] ?? []
            guard !state.patterns.isEmpty else { return (subscribers, []) }
            let matches = state.patterns.filter { pattern, _ in
                pattern.withUnsafeBytes { GlobPattern.matches($0, channel) }
            }
            return (subscribers, matches.map { ($0.key, $0.value) })
        }
        for subscriber in subscribers {
            PushMessage.send(to: subscriber, from: worker) { writer in
                writer.pushHeader(3)
                writer.bulk("message")
                writer.bulk(channel)
                writer.bulk(message)
            }
        }
        var count = subscribers.count
        for (pattern, clients) in matches {
            count += clients.count
            for subscriber in clients {
                PushMessage.send(to: subscriber, from: worker) { writer in
                    writer.pushHeader(4)
                    writer.bulk("pmessage")
                    writer.bulk(pattern)
                    writer.bulk(channel)
                    writer.bulk(message)
                }
            }
        }
        return count
    }

    /// The channels with subscribers whose names match a pattern; `nil` stands for all.
    func channels(matching pattern: Bytes?) -> [[UInt8]] {
        state.withLock { state in
            guard let pattern else { return Array(state.channels.keys) }
            return state.channels.keys.filter { name in name.withUnsafeBytes { GlobPattern.matches(pattern, $0) } }
        }
    }

    /// How many clients have subscribed to a channel.
    func subscriberCount(of channel: Bytes) -> Int {
        state.withLock { $0.channels[Array(channel)]?.count ?? 0 }
    }
}
