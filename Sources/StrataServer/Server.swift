package import Logging
package import NIOCore

/// Placeholder for the server, so that the command compiles; the interface is what ``ServerProcess`` uses.
package final class Server: ServerMetricsSource {
    package init(configuration: ServerConfiguration, logger: Logger) {}

    package func start() async throws -> SocketAddress {
        throw ConfigurationError(reason: "the server is not built yet")
    }

    package func shutdown() async {}

    package func metrics() -> ServerMetrics { ServerMetrics() }
}
