import Strata
import StrataRedis

/// One setting of `strata serve`: its name everywhere, its help text and how its value is read.
///
/// ``all`` is the one table of settings. Help texts, the option documentation, the names of environment variables, the keys a file may
/// have and the checks of their values are all made from it.
package struct ServerOption: Sendable {
    /// The name: `--name` on the command line, `name` in a file, `STRATA_NAME` in the environment.
    package let name: String
    /// What stands for the value in help texts; `nil` for a switch.
    package let valueName: String?
    /// What the setting does, in one or two sentences.
    package let summary: String
    /// What holds if nothing is given, in words; `nil` where that goes without saying.
    package let defaultText: String?
    /// Reads a value and puts it into a configuration.
    package let apply: @Sendable (String, inout ServerConfiguration) throws(InvalidValue) -> Void

    /// What is wrong with a value; where it came from is added by whoever knows.
    package struct InvalidValue: Error {
        /// What is wrong, as a phrase.
        package let reason: String
    }

    /// Describes a setting.
    private init(
        _ name: String, value valueName: String? = nil, default defaultText: String? = nil, _ summary: String,
        apply: @escaping @Sendable (String, inout ServerConfiguration) throws(InvalidValue) -> Void
    ) {
        self.name = name
        self.valueName = valueName
        self.defaultText = defaultText
        self.summary = summary
        self.apply = apply
    }

    /// The name of the environment variable.
    package var environmentName: String {
        "STRATA_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    /// The summary and the default, as one paragraph.
    package var helpText: String {
        defaultText.map { "\(summary) (default: \($0))" } ?? summary
    }
}

// MARK: - The table

extension ServerOption {
    /// All settings, in the order in which help texts show them.
    package static let all: [ServerOption] = [
        bind, port, httpPort, upstream, passwordFile, tlsCertificate, tlsKey, maximumMemory, evictionPolicy,
        maximumClients, timeout, threads, forecastLead, forecastPeriod, logLevel, enableDebugCommand,
    ]

    /// See the summary.
    package static let bind = ServerOption(
        "bind", value: "address", default: "127.0.0.1",
        "The address to listen on. Any address but a loopback one needs a password."
    ) { (text, configuration) throws(InvalidValue) in
        guard !text.isEmpty else { throw InvalidValue(reason: "an address is needed, such as 127.0.0.1 or ::1") }
        configuration.bindAddress = text
    }

    /// See the summary.
    package static let port = ServerOption(
        "port", value: "port", default: "6379",
        "The port for Redis clients. 0 picks a free one and prints it."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.port = try number(text, in: 0...65_535, what: "a port")
    }

    /// See the summary.
    package static let httpPort = ServerOption(
        "http-port", value: "port", default: "8080",
        "The port for HTTP: /healthz and /metrics. 0 picks a free one and prints it, 'off' leaves HTTP away."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.httpPort = text.lowercased() == "off" ? nil : try number(text, in: 0...65_535, what: "a port")
    }

    /// See the summary.
    package static let upstream = ServerOption(
        "upstream", value: "url",
        """
        Holds no data, but is a coherent near cache in front of a Redis or Valkey: redis://host:port, rediss://user:password@host:port \
        or redis-cluster://host:port,host:port (rediss-cluster:// with TLS; ?ca=file names who signed certificates). Then --max-memory bounds the near cache (default: 256mb).
        """
    ) { (text, configuration) throws(InvalidValue) in
        do throws(RedisConfiguration.URLError) {
            configuration.upstream = try RedisConfiguration(url: text)
        } catch {
            throw InvalidValue(reason: error.description)
        }
    }

    /// See the summary.
    package static let passwordFile = ServerOption(
        "password-file", value: "path",
        "A file whose first line is the password that clients send with AUTH. Without one, everybody who can connect may do everything."
    ) { (path, configuration) throws(InvalidValue) in
        let contents: [UInt8]
        do throws(ConfigurationError) {
            contents = try FileContents.read(path, maximumByteCount: 64 << 10)
        } catch {
            throw InvalidValue(reason: error.reason)
        }
        let line = contents.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty else {
            throw InvalidValue(reason: "the first line of \(path) is empty; it must be the password")
        }
        configuration.password = Array(line)
    }

    /// See the summary.
    package static let tlsCertificate = ServerOption(
        "tls-cert", value: "path",
        "A certificate chain (PEM). With it and --tls-key the port for Redis clients speaks TLS; HTTP stays plain."
    ) { (path, configuration) throws(InvalidValue) in
        configuration.tls = .init(certificatePath: path, keyPath: configuration.tls?.keyPath ?? "")
    }

    /// See the summary.
    package static let tlsKey = ServerOption(
        "tls-key", value: "path",
        "The private key (PEM) of the certificate."
    ) { (path, configuration) throws(InvalidValue) in
        configuration.tls = .init(certificatePath: configuration.tls?.certificatePath ?? "", keyPath: path)
    }

    /// See the summary.
    package static let maximumMemory = ServerOption(
        "max-memory", value: "size", default: "0, no limit",
        "How much memory the data may take, such as 512mb or 1gb. What happens then is said by --eviction-policy."
    ) { (text, configuration) throws(InvalidValue) in
        guard let bytes = ByteSize.parse(text) else {
            throw InvalidValue(
                reason: "'\(text)' is not a size; write bytes or a number with k, kb, m, mb, g or gb, such as 512mb")
        }
        configuration.maximumMemory = bytes
    }

    /// See the summary.
    package static let evictionPolicy = ServerOption(
        "eviction-policy", value: "policy", default: "\(EvictionPolicy.allKeysAdaptive.rawValue) with --max-memory",
        "Which keys make room when the data outgrows --max-memory: \(list(EvictionPolicy.allCases)). "
            + "'volatile' ones take only keys that have a deadline; noeviction refuses writes instead."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.evictionPolicy = try choice(text, what: "an eviction policy")
    }

    /// See the summary.
    package static let maximumClients = ServerOption(
        "max-clients", value: "count", default: "10000",
        "How many clients may be connected at once."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.limits.maximumClientCount = try number(text, in: 1...1_000_000, what: "a number of clients")
    }

    /// See the summary.
    package static let timeout = ServerOption(
        "timeout", value: "seconds", default: "0, never",
        "Closes a client that sent nothing for so many seconds."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.limits.idleTimeoutSeconds = try number(text, in: 0...100_000_000, what: "a number of seconds")
    }

    /// See the summary.
    package static let threads = ServerOption(
        "threads", value: "count", default: "one per processor",
        "How many threads serve clients."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.threadCount = try number(text, in: 0...1024, what: "a number of threads")
    }

    /// See the summary.
    package static let forecastLead = ServerOption(
        "forecast-lead", value: "seconds", default: "\(23 * 60)",
        """
        How long somebody needs to do something about memory that is going to be full: from so many seconds ahead on the forecast is critical, \
        and from 2.6 times as many it warns. Growth is averaged over a twelfth of it.
        """
    ) { (text, configuration) throws(InvalidValue) in
        configuration.forecastLeadSeconds = try number(
            text, in: ServerConfiguration.forecastLeads, what: "a number of seconds")
    }

    /// See the summary.
    package static let forecastPeriod = ServerOption(
        "forecast-period", value: "seconds", default: "86400, a day",
        "After how many seconds the load repeats itself, so that a forecast doesn't take a daily rise for growth."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.forecastPeriodSeconds = try number(
            text, in: ServerConfiguration.forecastPeriods, what: "a number of seconds")
    }

    /// See the summary.
    package static let logLevel = ServerOption(
        "log-level", value: "level", default: LogLevel.info.rawValue,
        "The least important messages still logged (to standard error): \(list(LogLevel.allCases))."
    ) { (text, configuration) throws(InvalidValue) in
        configuration.logLevel = try choice(text, what: "a log level")
    }

    /// See the summary.
    package static let enableDebugCommand = ServerOption(
        "enable-debug-command",
        "Answers the DEBUG command, which can block the server. For tests."
    ) { (text, configuration) throws(InvalidValue) in
        switch text.lowercased() {
        case "true", "yes", "on", "1": configuration.isDebugCommandEnabled = true
        case "false", "no", "off", "0": configuration.isDebugCommandEnabled = false
        default: throw InvalidValue(reason: "'\(text)' is neither true nor false")
        }
    }
}

// MARK: - Reading values

extension ServerOption {
    /// Reads a whole number in a range.
    private static func number(_ text: String, in range: ClosedRange<Int>, what: String) throws(InvalidValue) -> Int {
        guard let value = Int(text) else {
            throw InvalidValue(reason: "'\(text)' is not \(what)")
        }
        guard range.contains(value) else {
            throw InvalidValue(
                reason: "\(text) is out of range; \(what) from \(range.lowerBound) to \(range.upperBound) is needed")
        }
        return value
    }

    /// Reads one of several words.
    private static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String, what: String
    ) throws(InvalidValue) -> Choice {
        guard let choice = Choice(rawValue: text.lowercased()) else {
            throw InvalidValue(reason: "'\(text)' is not \(what); choose one of \(list(Array(Choice.allCases)))")
        }
        return choice
    }

    /// The words of an enumeration, for people.
    private static func list<Choice: RawRepresentable<String>>(_ choices: [Choice]) -> String {
        choices.map(\.rawValue).joined(separator: ", ")
    }
}
