import NIOCore
import NIOPosix

/// A relay on the loopback interface before a server, which delays, holds back or cuts what passes: what a bad network makes of TCP.
///
/// ```swift
/// let proxy = try await FaultProxy(to: 6379)
/// let store = try RedisStore(RedisConfiguration(url: "redis://127.0.0.1:\(proxy.port)"))
/// proxy.latency = .milliseconds(300)      // more, each way
/// proxy.isStalled = true                  // half-open: looks alive, and carries nothing
/// proxy.cut()                             // all connections end
/// await proxy.run(.random(seed: 42, duration: .seconds(60)), seed: 42)
/// ```
///
/// No part of a stream that goes on is ever lost or out of order: TCP doesn't do that either. What is held back when a connection is
/// cut never arrives.
///
/// **Concurrency:** from any task. It goes on until ``close()``.
public final class FaultProxy: Sendable {
    let links: LinkTable
    private let listener: any Channel
    /// Where it listens, on 127.0.0.1.
    public let port: Int

    /// Begins to relay.
    ///
    /// - Parameters:
    ///   - target: The server's port.
    ///   - host: The server's host.
    ///   - port: Where to listen; 0 for any free port.
    /// - Throws: When it can't listen there.
    public init(to target: Int, at host: String = "127.0.0.1", listeningOn port: Int = 0) async throws {
        let links = LinkTable()
        self.links = links
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { inbound in
                guard links.accept(inbound) else { return inbound.close() }
                return ClientBootstrap(group: inbound.eventLoop)
                    .channelInitializer { outbound in
                        outbound.eventLoop.makeCompletedFuture {
                            try links.join(outbound, to: inbound, .answers, client: inbound)
                        }
                    }
                    .connect(host: host, port: target)
                    .flatMapThrowing { outbound in
                        try links.join(inbound, to: outbound, .requests, client: inbound)
                    }
            }
            .bind(host: "127.0.0.1", port: port).get()
        self.port = listener.localAddress?.port ?? port
    }

    /// How much longer each way takes.
    public var latency: Duration {
        get { links.latency }
        set { links.latency = newValue }
    }

    /// Whether nothing passes, though connections look alive and new ones are taken.
    ///
    /// What was held back passes when it ends.
    public var isStalled: Bool {
        get { links.isStalled }
        set { links.isStalled = newValue }
    }

    /// Whether new connections are closed at once.
    public var refusesConnections: Bool {
        get { links.refusedPart > 0 }
        set { links.refusedPart = newValue ? 1 : 0 }
    }

    /// How many connections there are.
    public var connectionCount: Int { links.connectionCount }

    /// Ends all connections there are.
    public func cut() { links.cut(part: 1) }

    /// Ends all connections, and stops listening.
    public func close() async {
        try? await listener.close()
        links.cut(part: 1)
    }
}
