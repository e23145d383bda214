public import Strata
public import StrataRedis

/// Everything a server is started with: where it listens, who may come in, and how much it may hold.
///
/// A plain value: the command line, the environment and a file are turned into one by ``ServerOption`` and its relatives, a program
/// that embeds the server fills one by hand. The defaults are safe on a machine that others can reach: loopback only, no
/// password needed there.
public struct ServerConfiguration: Sendable {
    /// The address both listeners bind to: an IPv4 or IPv6 address, or a host name.
    public var bindAddress = "127.0.0.1"
    /// The port for Redis clients; 0 lets the system pick a free one.
    public var port = 6379
    /// The port for HTTP (`/healthz`, `/metrics`); 0 lets the system pick a free one, `nil` switches HTTP off.
    public var httpPort: Int? = 8080
    /// What clients must send with `AUTH` or `HELLO`; `nil` lets everybody in.
    public var password: [UInt8]?
    /// The Redis or Valkey, single or cluster, to be a near cache for; `nil` to hold the data here.
    public var upstream: RedisConfiguration?
    /// The certificate and key that make the port for Redis clients speak TLS; `nil` for plain TCP.
    public var tls: TLSFiles?
    /// How many bytes the data may take before eviction or an out-of-memory error; 0 means no limit.
    public var maximumMemory = 0
    /// What is removed when the data outgrows ``maximumMemory``; `nil` for ``EvictionPolicy/allKeysAdaptive`` with a limit and
    /// ``EvictionPolicy/noEviction`` without.
    public var evictionPolicy: EvictionPolicy?
    /// How many seconds somebody needs to do something about a limit that is coming near: forecasts warn of it earlier, and press from there on.
    ///
    /// The times over which growth is averaged and looked ahead follow it. From 15 to 648 000, and at most
    /// a quarter of ``forecastPeriodSeconds``.
    public var forecastLeadSeconds = 23 * 60
    /// After how many seconds the load repeats itself: a day, as a rule.
    ///
    /// From 60 to 2 592 000.
    public var forecastPeriodSeconds = 86_400
    /// How many event loops (threads) serve clients; 0 means one per processor the process may run on.
    public var threadCount = 0
    /// Whether `DEBUG` is answered; tests want it, strangers must not have it.
    public var isDebugCommandEnabled = false
    /// The least important log messages still written.
    public var logLevel = LogLevel.info
    /// The bounds that keep one client from harming the others.
    public var limits = ClientLimits()

    /// The policy in force at the start.
    package var effectiveEvictionPolicy: EvictionPolicy {
        evictionPolicy ?? (maximumMemory > 0 ? .allKeysAdaptive : .noEviction)
    }

    /// Creates the configuration of a server on loopback without a password or a memory limit.
    public init() {}

    /// Where the certificate and its private key are read from, both in PEM format.
    public struct TLSFiles: Sendable, Equatable {
        /// The path of the certificate chain, leaf first.
        public var certificatePath: String
        /// The path of the leaf's private key.
        public var keyPath: String

        /// Creates the pair of paths; nothing is read yet.
        public init(certificatePath: String, keyPath: String) {
            self.certificatePath = certificatePath
            self.keyPath = keyPath
        }
    }
}

/// How important a log message must be to be written; the names are swift-log's.
public enum LogLevel: String, Sendable, CaseIterable {
    /// Everything, each step of a connection included.
    case trace
    /// What helps to follow a problem.
    case debug
    /// Starting, stopping and changes of configuration.
    case info
    /// Unusual, but within what is expected.
    case notice
    /// Something an operator should look at.
    case warning
    /// A request or connection failed because of the server.
    case error
    /// The server can't go on.
    case critical
}
