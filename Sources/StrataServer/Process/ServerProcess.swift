package import Logging
import NIOCore
import Strata
import StrataMonitor

/// A server as a process runs it: the port for Redis clients and the one for HTTP, started and stopped together.
package final class ServerProcess: Sendable {
    /// How long stopping may take before what is left is cut off.
    ///
    /// Whoever stops a process commonly waits 5 or 10 seconds.
    package static let gracePeriod = Duration.seconds(4)

    private let configuration: ServerConfiguration
    private let logger: Logger
    private let server: any RedisFacing
    private let http: HTTPServer?
    private let monitor: ServerMonitor

    /// Prepares a process; nothing is bound yet.
    ///
    /// - Parameters:
    ///   - configuration: A configuration that was validated.
    ///   - logger: Where starting, stopping and problems are logged.
    /// - Throws: ``ConfigurationError`` if the upstream can't be used as it is configured.
    package init(configuration: ServerConfiguration, logger: Logger) throws(ConfigurationError) {
        self.configuration = configuration
        self.logger = logger
        let server: any RedisFacing
        if let upstream = configuration.upstream {
            server = try SidecarServer(configuration, upstream: upstream, logger: logger)
        } else {
            server = Server(configuration: configuration, logger: logger)
        }
        self.server = server
        let monitor = ServerMonitor(
            server,
            forecast: GrowthForecaster.Configuration(
                lead: Double(configuration.forecastLeadSeconds), period: Double(configuration.forecastPeriodSeconds)))
        self.monitor = monitor
        self.http = configuration.httpPort.map { port in
            HTTPServer(
                bindAddress: configuration.bindAddress, port: port, isLocal: configuration.isBoundToLoopback,
                monitor: monitor, logger: logger)
        }
    }

    /// Binds both ports and begins to serve.
    ///
    /// - Returns: The banner: lines that name both addresses.
    /// - Throws: ``ConfigurationError`` if a port can't be bound; then nothing is left running.
    package func start() async throws -> String {
        FileDescriptorLimit.raise(for: configuration.limits.maximumClientCount, logger: logger)
        let address: SocketAddress
        do {
            address = try await server.start()
        } catch {
            throw ConfigurationError.binding(
                error, address: configuration.bindAddress, port: configuration.port, option: .port)
        }
        var httpAddress: SocketAddress?
        do {
            httpAddress = try await http?.start()
            if http != nil { monitor.start() }
        } catch {
            await server.shutdown()
            throw ConfigurationError.binding(
                error, address: configuration.bindAddress, port: configuration.httpPort ?? 0, option: .httpPort)
        }
        logger.info(
            "started",
            metadata: [
                "version": "\(StrataVersion.current)", "address": "\(Self.text(address))",
                "http": "\(httpAddress.map(Self.text) ?? "off")", "tls": "\(configuration.tls != nil)",
                "max_memory": "\(configuration.maximumMemory)",
                "eviction_policy": "\(configuration.effectiveEvictionPolicy.rawValue)",
            ])
        return banner(address: address, httpAddress: httpAddress)
    }

    /// Stops accepting, finishes what is in flight and gives everything back; cuts off what isn't finished after ``gracePeriod``.
    package func stop() async {
        logger.info("stopping")
        monitor.stop()
        // Not a task group: that would wait for the slower of the two.
        let (outcomes, continuation) = AsyncStream.makeStream(of: Bool.self)
        Task { [server, http] in
            await http?.shutdown()
            await server.shutdown()
            continuation.yield(true)
        }
        Task {
            try? await Task.sleep(for: Self.gracePeriod)
            continuation.yield(false)
        }
        for await isFinished in outcomes {
            logger.info("stopped", metadata: ["finished": "\(isFinished)"])
            return
        }
    }

    private func banner(address: SocketAddress, httpAddress: SocketAddress?) -> String {
        var lines = ["Strata \(StrataVersion.current) is ready."]
        lines.append("  Redis clients  \(Self.text(address))\(configuration.tls == nil ? "" : " (TLS)")")
        if let upstream = configuration.upstream { lines.append("  Upstream       \(upstream)") }
        if let httpAddress {
            lines.append("  HTTP           http://\(Self.text(httpAddress))/")
        }
        return lines.joined(separator: "\n")
    }

    /// An address as `host:port`, IPv6 ones in brackets.
    private static func text(_ address: SocketAddress) -> String {
        let host = address.ipAddress ?? "?"
        return "\(host.contains(":") ? "[\(host)]" : host):\(address.port ?? 0)"
    }
}
