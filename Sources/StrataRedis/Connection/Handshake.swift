import StrataRESP

/// What is said on a new connection before it is used, and what to make of the answers.
///
/// Pure.
///
/// `HELLO 3` with the login, `CLIENT SETINFO` (Redis 7.2 on; refused by others, which is ignored), `COMMAND INFO` to see whether fields
/// can have deadlines, `SELECT`, and what the owner of the connection adds. All of it goes out at once.
struct Handshake: Sendable {
    private enum Step {
        case hello
        case optional
        case fieldDeadlines
        case select(Int)
        case required(String)
    }

    private var steps: [Step] = []
    /// What to send.
    private(set) var commands: [[[UInt8]]] = []

    /// - Parameters:
    ///   - configuration: Who to log in as, and where to.
    ///   - extra: Commands without which the connection is of no use.
    init(_ configuration: RedisConfiguration, extra: [RedisCommand] = []) {
        var hello = ["HELLO", "3"]
        if let password = configuration.password { hello += ["AUTH", configuration.username ?? "default", password] }
        if let name = configuration.clientName { hello += ["SETNAME", name] }
        add(.hello, hello)
        add(.optional, ["CLIENT", "SETINFO", "LIB-NAME", "strata"])
        add(.optional, ["CLIENT", "SETINFO", "LIB-VER", "1"])
        add(.fieldDeadlines, ["COMMAND", "INFO", "HPTTL"])
        if configuration.database != 0 {
            add(.select(configuration.database), ["SELECT", String(configuration.database)])
        }
        for command in extra {
            steps.append(.required(command.name))
            commands.append(command.arguments)
        }
    }

    private mutating func add(_ step: Step, _ words: [String]) {
        steps.append(step)
        commands.append(words.map { Array($0.utf8) })
    }

    /// What the answers say of the server.
    ///
    /// - Throws: ``RedisError/Code/denied`` for a refused login, ``RedisError/Code/unsupported`` for a server without RESP3,
    ///   ``RedisError/Code/unavailable`` for one that can't be used.
    func result(_ replies: [RESPValue], endpoint: RedisEndpoint) throws(RedisError) -> ServerInformation {
        var information = ServerInformation()
        for (step, reply) in zip(steps, replies) {
            switch step {
            case .hello:
                if let error = reply.errorMessage { throw Self.helloFailure(error, endpoint) }
                information.name = reply["server"]?.text ?? "redis"
                information.version = reply["version"]?.text ?? ""
                information.isCluster = reply["mode"]?.text == "cluster"
            case .optional:
                break
            case .fieldDeadlines:
                // Where COMMAND isn't allowed, the version has to do.
                information.hasFieldDeadlines =
                    reply.elements.map { $0.contains { $0.elements != nil } } ?? information.versionHasFieldDeadlines
            case .select(let database):
                guard let error = reply.errorMessage else { continue }
                throw RedisError(.unavailable, "\(endpoint) refuses database \(database): \(error)")
            case .required(let name):
                guard let error = reply.errorMessage else { continue }
                let code: RedisError.Code = error.hasPrefix("NOPERM") ? .denied : .unsupported
                throw RedisError(code, "\(endpoint) refuses \(name): \(error)")
            }
        }
        return information
    }

    private static func helloFailure(_ error: String, _ endpoint: RedisEndpoint) -> RedisError {
        if error.hasPrefix("WRONGPASS") || error.hasPrefix("NOAUTH") || error.hasPrefix("NOPERM")
            || error.contains("without any password configured")
        {
            return RedisError(.denied, "\(endpoint) refuses the user or the password: \(error)")
        }
        if error.contains("unknown command") || error.hasPrefix("NOPROTO") {
            return RedisError(.unsupported, "\(endpoint) doesn't speak RESP3: \(error)")
        }
        return RedisError(.unavailable, "\(endpoint) refuses the connection: \(error)")
    }
}

/// What a server says of itself when a connection is made.
public struct ServerInformation: Hashable, Sendable {
    /// What it calls itself, as in `redis` or `valkey`.
    public var name = ""
    /// Its version, as in `7.0.15`.
    public var version = ""
    /// Whether it is a member of a cluster.
    public var isCluster = false
    /// Whether fields of hashes can have deadlines (Redis from 7.4, Valkey from 9.0).
    public var hasFieldDeadlines = false

    /// Major and minor version as far as they are numbers.
    var versionNumbers: (Int, Int) {
        let parts = version.split(separator: ".")
        return (parts.first.flatMap { Int($0) } ?? 0, parts.dropFirst().first.flatMap { Int($0) } ?? 0)
    }

    var versionHasFieldDeadlines: Bool { versionNumbers >= (name == "valkey" ? (9, 0) : (7, 4)) }
}
