import Strata

/// The parameters that `CONFIG` shows and changes while the server runs.
///
/// The values are kept as text; what is needed for every request or connection is also kept as a number that any thread can read.
///
/// **Concurrency:** from any thread. Changes are made one after another.
final class Settings: @unchecked Sendable {
    // Reason for `@unchecked`: `server` is set once, before the server runs; everything else is `Sendable` by itself.

    let maximumClients = RelaxedInteger()
    let idleTimeoutSeconds = RelaxedInteger()
    let maximumBulkLength = RelaxedInteger()
    let maximumQueryBufferBytes = RelaxedInteger()
    let keepAliveSeconds = RelaxedInteger()
    let expireEffort = RelaxedInteger(1)
    let frequency = RelaxedInteger(10)
    let maximumArgumentCount: Int
    private let limits = Locked((normal: OutputLimits(), subscriber: OutputLimits()))
    private let values: Locked<[String: String]>
    private let changing = Locked(())
    private unowned(unsafe) var server: ServerState?

    private static let byName: [String: Setting] = {
        var all: [String: Setting] = [:]
        for setting in Setting.all {
            for name in [setting.name] + setting.aliases { all[name] = setting }
        }
        return all
    }()

    /// Takes over what the server is started with.
    init(_ configuration: ServerConfiguration) {
        maximumArgumentCount = configuration.limits.maximumArgumentCount
        var values: [String: String] = [:]
        for setting in Setting.all { values[setting.name] = setting.initial }
        values["maxmemory"] = String(configuration.maximumMemory)
        values["maxmemory-policy"] = configuration.effectiveEvictionPolicy.rawValue
        values["maxclients"] = String(configuration.limits.maximumClientCount)
        values["timeout"] = String(configuration.limits.idleTimeoutSeconds)
        values["proto-max-bulk-len"] = String(configuration.limits.maximumBulkBytes)
        values["client-query-buffer-limit"] = String(configuration.limits.maximumQueryBufferBytes)
        values["client-output-buffer-limit"] =
            "normal \(configuration.limits.maximumOutputBytes) 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60"
        values["requirepass"] = configuration.password.map { String(decoding: $0, as: UTF8.self) } ?? ""
        values["port"] = String(configuration.port)
        values["bind"] = configuration.bindAddress
        values["io-threads"] = String(max(configuration.threadCount, 1))
        values["enable-debug-command"] = configuration.isDebugCommandEnabled ? "yes" : "no"
        self.values = Locked(values)
    }

    /// Lets the values take effect on a server.
    func attach(to server: ServerState) {
        self.server = server
        for (name, value) in values.withLock({ $0 }) { apply(name, value) }
    }

    /// Enters the port that the system has picked.
    func setPort(_ port: Int) {
        values.withLock { $0["port"] = String(port) }
    }

    /// The parameter of a name or alias, in any case.
    static func find(_ name: String) -> Setting? {
        byName[name.lowercased()]
    }

    /// The present value of a parameter.
    subscript(name: String) -> String {
        values.withLock { $0[name] ?? "" }
    }

    /// How many bytes may wait for a client.
    func outputLimits(isSubscriber: Bool) -> OutputLimits {
        limits.withLock { isSubscriber ? $0.subscriber : $0.normal }
    }

    /// Names and values of the parameters that match one of the patterns, aliases included as far as they match.
    func matching(_ patterns: [[UInt8]]) -> [(name: String, value: String)] {
        let present = values.withLock { $0 }
        var matches: [String: String] = [:]
        for pattern in patterns {
            let text = String(decoding: pattern, as: UTF8.self).lowercased()
            if !text.contains(where: { "[*?".contains($0) }) {
                if let setting = Self.byName[text] { matches[text] = present[setting.name] }
                continue
            }
            for (name, setting) in Self.byName {
                let isMatch = Array(name.utf8).withUnsafeBytes { name in
                    pattern.withUnsafeBytes { GlobPattern.matches($0, name, ignoringCase: true) }
                }
                if isMatch { matches[name] = present[setting.name] }
            }
        }
        return matches.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    }

    /// Changes parameters: all of them or, if one is refused, none.
    func change(_ changes: [(name: String, value: String)]) throws(CommandError) {
        for (name, _) in changes where Self.find(name) == nil {
            throw CommandError("ERR Unknown option or number of arguments for CONFIG SET - '\(name)'")
        }
        var seen: Set<String> = []
        for (name, _) in changes {
            guard let setting = Self.find(name) else { continue }
            if setting.isFixed { throw Self.failure(name, "can't set immutable config") }
            guard seen.insert(setting.name).inserted else { throw Self.failure(name, "duplicate parameter") }
        }
        let failure: CommandError? = changing.withLock { _ in
            var accepted: [(String, String)] = []
            for (name, value) in changes {
                guard let setting = Self.find(name) else { continue }
                do throws(SettingError) {
                    accepted.append((setting.name, try setting.normalize(value, present: self[setting.name])))
                } catch {
                    return Self.failure(setting.name, error.text)
                }
            }
            for (name, value) in accepted {
                values.withLock { $0[name] = value }
                apply(name, value)
            }
            return nil
        }
        if let failure { throw failure }
    }

    private static func failure(_ name: String, _ reason: String) -> CommandError {
        CommandError("ERR CONFIG SET failed (possibly related to argument '\(name)') - \(reason)")
    }

    /// Lets a value take effect.
    private func apply(_ name: String, _ value: String) {
        guard let server else { return }
        let number = Int(value) ?? 0
        switch name {
        case "hash-max-listpack-entries": server.databases.encoding.maximumCompactFieldCount = number
        case "hash-max-listpack-value": server.databases.encoding.maximumCompactValueLength = number
        case "maxmemory":
            server.databases.budget.maximumBytes = number
            server.updateMemoryGate()
        case "maxmemory-policy":
            server.databases.budget.policy = EvictionPolicy(rawValue: value) ?? .noEviction
        case "timeout": idleTimeoutSeconds.set(number)
        case "maxclients": maximumClients.set(number)
        case "proto-max-bulk-len":
            maximumBulkLength.set(number)
            for worker in server.allWorkers { worker.followLimits() }
        case "client-query-buffer-limit": maximumQueryBufferBytes.set(number)
        case "client-output-buffer-limit":
            let parsed = (OutputLimits.parse(value, class: "normal"), OutputLimits.parse(value, class: "pubsub"))
            limits.withLock { $0 = parsed }
        case "tcp-keepalive": keepAliveSeconds.set(number)
        case "slowlog-log-slower-than":
            server.slowLog.thresholdMicroseconds.set(number)
            server.updateTiming()
        case "slowlog-max-len":
            server.slowLog.maximumLength.set(number)
            server.slowLog.trim()
        case "latency-monitor-threshold":
            server.latency.thresholdMilliseconds.set(number)
            server.updateTiming()
        case "tracking-table-max-keys": server.tracking.maximumKeyCount.set(number)
        case "active-expire-effort": expireEffort.set(number)
        case "hz": frequency.set(min(max(number, 1), 500))
        case "requirepass": server.passwords.set(Array(value.utf8))
        default: break
        }
    }
}
