/// How to reach a Redis or Valkey server or cluster, and how to behave towards it.
///
/// ```swift
/// let configuration = try RedisConfiguration(url: "rediss://app:secret@cache.example.org:6380/0?timeout=250ms")
/// ```
///
/// Neither its description nor a message of an error made from it holds the password.
public struct RedisConfiguration: Sendable, CustomStringConvertible {
    /// One server, or a cluster.
    public enum Topology: Hashable, Sendable {
        /// One server; the endpoint is all there is.
        case single
        /// A cluster; the endpoints are those to ask for the others first.
        case cluster
    }

    /// How connections are secured.
    public struct TLS: Hashable, Sendable {
        /// A PEM file with the authorities to trust; `nil` for those of the system.
        public var authorityFile: String?
        /// A PEM file with the certificate to show, where the server asks for one.
        public var certificateFile: String?
        /// A PEM file with the private key of that certificate.
        public var privateKeyFile: String?
        /// Whether the server's certificate must be signed by an authority and name the host.
        public var verifiesServer = true
        /// Which name the certificate must hold; `nil` for the host that is connected to.
        public var serverName: String?

        /// The authorities of the system, no client certificate, full verification.
        public init() {}
    }

    /// One server, or a cluster.
    public var topology: Topology = .single
    /// The server, or some members of the cluster; never empty.
    public var endpoints: [RedisEndpoint]
    /// Who to log in as; `nil` for the default user.
    public var username: String?
    /// The password; `nil` for no login.
    public var password: String?
    /// The logical database; a cluster has only 0.
    public var database = 0
    /// How connections are secured; `nil` for not at all.
    public var tls: TLS?
    /// The name that the server's list of clients shows.
    public var clientName: String?

    /// How long connecting may take, with TLS and login.
    public var connectTimeout: Duration = .seconds(2)
    /// How long a command may take for which the call doesn't say.
    public var commandTimeout: Duration = .seconds(1)
    /// How often each connection is checked by a `PING`.
    public var heartbeatInterval: Duration = .seconds(2)
    /// How long nothing may come after such a `PING` until the connection counts as dead and is closed: a half-open link is
    /// found within ``heartbeatInterval`` plus this.
    public var heartbeatTimeout: Duration = .seconds(2)
    /// How many connections share the commands for one server.
    public var connectionsPerNode = 2
    /// How many answers may be outstanding on one connection.
    public var maximumInFlight = 4096
    /// How many calls may wait per connection until they can be sent.
    public var maximumWaiting = 4096
    /// The longest single reply, in bytes.
    public var maximumReplyLength = 512 << 20
    /// The first pause between two attempts to connect; doubles, with jitter, up to ``maximumReconnectPause``.
    public var reconnectPause: Duration = .milliseconds(50)
    /// The longest pause between two attempts to connect.
    public var maximumReconnectPause: Duration = .seconds(2)
    /// How often a cluster is asked for its layout without an occasion, and so how late it may be noticed that slots have moved while
    /// nobody asked for their keys.
    public var topologyInterval: Duration = .seconds(5)
    /// How many times a command follows redirects and waits out a shard that isn't ready, within its deadline.
    public var maximumRedirects = 16
    /// How often a canary is sent through the stream of invalidations of each shard; `nil` for never.
    public var canaryInterval: Duration? = .seconds(1)

    /// A server with everything else at its default.
    public init(_ endpoint: RedisEndpoint = RedisEndpoint("127.0.0.1")) { endpoints = [endpoint] }

    /// A cluster, given by some of its members.
    ///
    /// - Parameter seeds: At least one.
    public init(cluster seeds: [RedisEndpoint]) {
        precondition(!seeds.isEmpty, "a cluster needs a member to begin with")
        endpoints = seeds
        topology = .cluster
    }

    /// The configuration as a URL without the password.
    public var description: String {
        let scheme = (tls == nil ? "redis" : "rediss") + (topology == .cluster ? "-cluster" : "")
        let login = password == nil ? "" : "\(username ?? "default"):***@"
        let hosts = endpoints.map(\.description).joined(separator: ",")
        return "\(scheme)://\(login)\(hosts)" + (database == 0 ? "" : "/\(database)")
    }
}
