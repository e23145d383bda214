extension RedisConfiguration {
    /// What is wrong with a URL.
    ///
    /// Never quotes the part that holds the password.
    public struct URLError: Error, Hashable, Sendable, CustomStringConvertible {
        /// Which part is wrong, as in `port` or `option timeout`.
        public var part: String
        /// What is wrong with it.
        public var reason: String

        /// As in `The port of the URL is wrong: …`.
        public var description: String { "The \(part) of the URL is wrong: \(reason)" }
    }

    /// A configuration from a URL.
    ///
    /// - `redis://user:password@host:port/database`, and `rediss://` for TLS; port 6379 and database 0 by default.
    /// - `redis-cluster://host:port,host:port`, and `rediss-cluster://` for TLS.
    /// - User and password may be percent-encoded. `redis://:password@host` logs in as the default user.
    /// - Options behind `?`: `timeout`, `connect-timeout`, `heartbeat`, `heartbeat-timeout`, `canary` (a number with `ms` or
    ///   `s`; `canary=off`), `connections`, `max-in-flight`, `max-waiting`, `client-name`, `ca`, `cert`, `key` (paths),
    ///   `server-name`, `verify` (`full` or `none`).
    ///
    /// - Throws: ``URLError``, which names the part that is wrong.
    public init(url: String) throws(URLError) {
        guard let schemeEnd = url.range(ofText: "://") else {
            throw URLError(
                part: "scheme", reason: "expected redis://, rediss://, redis-cluster:// or rediss-cluster://")
        }
        let scheme = url[..<schemeEnd.lowerBound].lowercased()
        guard ["redis", "rediss", "redis-cluster", "rediss-cluster"].contains(scheme) else {
            throw URLError(
                part: "scheme", reason: "\(scheme) is none of redis, rediss, redis-cluster, rediss-cluster")
        }
        var rest = url[schemeEnd.upperBound...]
        var options: Substring = ""
        if let mark = rest.firstIndex(of: "?") {
            options = rest[rest.index(after: mark)...]
            rest = rest[..<mark]
        }
        // The password may hold slashes and at signs that somebody forgot to encode: the last at sign ends it.
        var login: Substring?
        if let at = rest.lastIndex(of: "@") {
            login = rest[..<at]
            rest = rest[rest.index(after: at)...]
        }
        var path: Substring = ""
        if let slash = rest.firstIndex(of: "/") {
            path = rest[rest.index(after: slash)...]
            rest = rest[..<slash]
        }
        let isCluster = scheme.hasSuffix("-cluster")
        self.init()
        endpoints = []
        for part in rest.split(separator: ",", omittingEmptySubsequences: false) {
            endpoints.append(try Self.endpoint(part))
        }
        topology = isCluster ? .cluster : .single
        guard isCluster || endpoints.count == 1 else {
            throw URLError(part: "host", reason: "several hosts are for redis-cluster:// and rediss-cluster:// only")
        }
        if scheme.hasPrefix("rediss") { tls = TLS() }
        if let login { try apply(login: login) }
        if !path.isEmpty {
            guard let database = Int(path), database >= 0 else {
                throw URLError(part: "database", reason: "it is no number from 0 on")
            }
            guard !isCluster || database == 0 else {
                throw URLError(part: "database", reason: "a cluster has only database 0")
            }
            self.database = database
        }
        // Then it isn't certain that these are options.
        guard !options.contains("@") else {
            throw URLError(part: "options", reason: "an at sign is written %40, and a question mark in a password %3F")
        }
        for option in options.split(separator: "&") { try apply(option: option) }
    }

    private static func endpoint(_ text: Substring) throws(URLError) -> RedisEndpoint {
        var host = text
        var portText: Substring?
        if text.first == "[" {
            guard let close = text.firstIndex(of: "]") else {
                throw URLError(part: "host", reason: "its bracket isn't closed")
            }
            host = text[text.index(after: text.startIndex)..<close]
            let rest = text[text.index(after: close)...]
            guard rest.isEmpty || rest.first == ":" else {
                throw URLError(part: "host", reason: "something other than a port stands behind its bracket")
            }
            if !rest.isEmpty { portText = rest.dropFirst() }
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            portText = text[text.index(after: colon)...]
        }
        guard !host.isEmpty else { throw URLError(part: "host", reason: "there is none") }
        guard let portText else { return RedisEndpoint(String(host)) }
        guard let port = Int(portText), (1...65535).contains(port) else {
            throw URLError(part: "port", reason: "it is no number from 1 to 65535")
        }
        return RedisEndpoint(String(host), port)
    }

    private mutating func apply(login: Substring) throws(URLError) {
        if let colon = login.firstIndex(of: ":") {
            let user = try Self.decoded(login[..<colon], part: "user")
            username = user.isEmpty ? nil : user
            password = try Self.decoded(login[login.index(after: colon)...], part: "password")
        } else {
            username = try Self.decoded(login, part: "user")
        }
        guard password != nil else { throw URLError(part: "password", reason: "there is a user but no password") }
    }

    private mutating func apply(option: Substring) throws(URLError) {
        let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let part = "option \(name)"
        let value = try Self.decoded(parts.count > 1 ? parts[1] : "", part: part)
        switch name {
        case "timeout": commandTimeout = try Self.duration(value, part)
        case "connect-timeout": connectTimeout = try Self.duration(value, part)
        case "heartbeat": heartbeatInterval = try Self.duration(value, part)
        case "heartbeat-timeout": heartbeatTimeout = try Self.duration(value, part)
        case "canary": canaryInterval = value == "off" ? nil : try Self.duration(value, part)
        case "connections": connectionsPerNode = try Self.count(value, part)
        case "max-in-flight": maximumInFlight = try Self.count(value, part)
        case "max-waiting": maximumWaiting = try Self.count(value, part)
        case "client-name": clientName = value
        case "ca", "cert", "key", "server-name", "verify":
            guard tls != nil else {
                throw URLError(part: part, reason: "it is for rediss:// and rediss-cluster:// only")
            }
            switch name {
            case "ca": tls?.authorityFile = value
            case "cert": tls?.certificateFile = value
            case "key": tls?.privateKeyFile = value
            case "server-name": tls?.serverName = value
            default:
                guard ["full", "none"].contains(value) else {
                    throw URLError(part: part, reason: "\(value) is neither full nor none")
                }
                tls?.verifiesServer = value == "full"
            }
        default:
            throw URLError(part: part, reason: "there is no such option")
        }
    }

    private static func count(_ text: String, _ part: String) throws(URLError) -> Int {
        guard let count = Int(text), count > 0 else {
            throw URLError(part: part, reason: "\(text) is no number from 1 on")
        }
        return count
    }

    private static func duration(_ text: String, _ part: String) throws(URLError) -> Duration {
        let isMilliseconds = text.hasSuffix("ms")
        guard isMilliseconds || text.hasSuffix("s"), let number = Int64(text.dropLast(isMilliseconds ? 2 : 1)),
            number > 0, number <= 86_400_000
        else { throw URLError(part: part, reason: "\(text) is no time as in 250ms or 2s") }
        return isMilliseconds ? .milliseconds(number) : .seconds(number)
    }

    private static func decoded(_ text: Substring, part: String) throws(URLError) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                throw URLError(part: part, reason: "a percent sign isn't followed by two hexadecimal digits")
            }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw URLError(part: part, reason: "it isn't UTF-8")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}

extension String {
    /// Where a text first occurs.
    fileprivate func range(ofText text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
