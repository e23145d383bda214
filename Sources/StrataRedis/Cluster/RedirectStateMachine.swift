import StrataRESP

/// Where a command goes next in a cluster, given what was answered: the life of one call as a pure state machine.
///
/// Source: Redis Cluster specification, redirection and resharding.
struct RedirectStateMachine: Sendable {
    /// Where to send.
    enum Target: Hashable, Sendable {
        /// Whoever has the slot by the latest topology.
        case owner
        /// This server, whatever the topology says.
        case server(RedisEndpoint)
    }

    /// What to do.
    enum Action: Hashable, Sendable {
        /// The answer is one.
        case finish
        /// Send again.
        ///
        /// - `asking`: with `ASKING` before it.
        /// - `pause`: after this time.
        /// - `refresh`: ask for the topology, and if the target is the owner wait for it.
        case resend(to: Target, asking: Bool, pause: Duration, refresh: Bool)
        /// Redirects don't end, or the shard doesn't get ready.
        case giveUp(String)
    }

    private let maximumCount: Int
    private(set) var count = 0
    private var pauseCount = 0

    init(maximumCount: Int) { self.maximumCount = maximumCount }

    /// Judges an answer: `reply`, or the first error among several, of a server that may not know its own name.
    mutating func received(_ reply: RESPValue, from server: RedisEndpoint) -> Action {
        guard let message = reply.errorMessage else { return .finish }
        let words = message.split(separator: " ")
        let action: Action
        switch words.first {
        case "MOVED":
            guard let target = Self.target(words, server) else { return .finish }
            action = .resend(to: .server(target), asking: false, pause: .zero, refresh: true)
        case "ASK":
            guard let target = Self.target(words, server) else { return .finish }
            action = .resend(to: .server(target), asking: true, pause: .zero, refresh: false)
        case "TRYAGAIN":
            action = .resend(to: .owner, asking: false, pause: nextPause(), refresh: false)
        case "CLUSTERDOWN", "LOADING", "MASTERDOWN", "READONLY":
            action = .resend(to: .owner, asking: false, pause: nextPause(), refresh: true)
        default:
            return .finish
        }
        return counted(action, message)
    }

    /// Judges a connection that ended before it answered a command that may be repeated.
    mutating func lostConnection(_ reason: String) -> Action {
        counted(.resend(to: .owner, asking: false, pause: .zero, refresh: true), reason)
    }

    private mutating func counted(_ action: Action, _ reason: String) -> Action {
        count += 1
        return count > maximumCount ? .giveUp("after \(maximumCount) attempts: \(reason)") : action
    }

    /// 5, 10, 20, … 320 ms.
    private mutating func nextPause() -> Duration {
        defer { pauseCount += 1 }
        return .milliseconds(5 << min(pauseCount, 6))
    }

    /// The server in `MOVED 3999 127.0.0.1:6381`.
    private static func target(_ words: [Substring], _ server: RedisEndpoint) -> RedisEndpoint? {
        guard words.count >= 3, let colon = words[2].lastIndex(of: ":"),
            let port = Int(words[2][words[2].index(after: colon)...])
        else { return nil }
        let host = words[2][..<colon]
        return RedisEndpoint(host.isEmpty || host == "?" ? server.host : String(host), port)
    }

    /// The slot in `MOVED 3999 127.0.0.1:6381`.
    static func slot(_ reply: RESPValue) -> Int? {
        guard let words = reply.errorMessage?.split(separator: " "), words.count >= 3, words[0] == "MOVED" else {
            return nil
        }
        return Int(words[1]).flatMap { (0..<HashSlot.count).contains($0) ? $0 : nil }
    }
}
