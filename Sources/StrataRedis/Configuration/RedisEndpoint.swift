/// Where a server listens.
public struct RedisEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A name or an address, without brackets.
    public var host: String
    /// The TCP port.
    public var port: Int

    /// A host with a port.
    public init(_ host: String, _ port: Int = 6379) {
        self.host = host
        self.port = port
    }

    /// As in `127.0.0.1:6379` or `[::1]:6379`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
