import Hummingbird
import HummingbirdCore
package import Logging
package import NIOCore
import NIOPosix
import ServiceLifecycle
import StrataMonitor

/// The HTTP side of a server: `/healthz` for whoever watches it, `/metrics` for Prometheus, `/debug/maps` for
/// tools, `/` for people.
///
/// It has one thread of its own, so that nothing asked of it delays clients. Requests have no body to speak of, few
/// connections are accepted at once and idle ones are closed: it is not to be a way to harm the server.
package final class HTTPServer: Sendable {
    /// How many connections are served at once; more wait to be accepted.
    ///
    /// Viewers of the dashboard keep theirs; room is left for those that they are refused on, and for everybody else.
    private static let maximumConnectionCount = DashboardHub.maximumViewerCount + 128
    /// After which time without a request a connection is closed.
    ///
    /// Prometheus asks every 15 to 60 seconds.
    private static let idleTimeout = TimeAmount.seconds(90)

    /// How long a request may take to arrive.
    package static let requestTimeout = TimeAmount.seconds(10)

    /// For how long a client may take nothing of an answer before its connection is closed.
    private static let writeTimeout = TimeAmount.seconds(10)

    /// The thread, shared by the HTTP servers of the process.
    ///
    /// Kept to the end of the process: a closing connection may still hand work to it after the server's end.
    private static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private let services: ServiceGroup
    private let hub: DashboardHub
    private let started: AsyncThrowingStream<SocketAddress, any Error>
    private let startedContinuation: AsyncThrowingStream<SocketAddress, any Error>.Continuation

    /// Prepares a server; nothing is bound yet.
    ///
    /// - Parameters:
    ///   - bindAddress: The address to listen on.
    ///   - port: The port; 0 picks a free one.
    ///   - isLocal: Whether only this machine can reach the address; then only its own names are answered to.
    ///   - monitor: What the figures come from.
    ///   - requestTimeout: How long a request may take to arrive.
    ///   - logger: Where problems are logged.
    package init(
        bindAddress: String, port: Int, isLocal: Bool, monitor: ServerMonitor,
        requestTimeout: TimeAmount = HTTPServer.requestTimeout, logger: Logger
    ) {
        let (started, continuation) = AsyncThrowingStream.makeStream(of: SocketAddress.self)
        self.started = started
        self.startedContinuation = continuation
        // The library reports each start and stop as information; the banner says so already.
        var logger = logger
        logger.logLevel = max(logger.logLevel, .notice)
        let hub = DashboardHub(
            recorder: DashboardRecorder(monitor: monitor.monitor) { monitor.dashboardFacts() })
        monitor.monitor.afterEachTick { [weak hub] in hub?.publish() }
        self.hub = hub
        let application = Application(
            router: Self.router(monitor, hub, isLocal: isLocal),
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        RequestDeadlineHandler.Installer(request: requestTimeout, pause: Self.idleTimeout),
                        StalledWriteHandler(timeout: Self.writeTimeout),
                    ],
                    idleTimeout: Self.idleTimeout)),
            configuration: ApplicationConfiguration(
                address: .hostname(bindAddress, port: port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnectionCount)
            ),
            onServerRunning: { channel in
                if let address = channel.localAddress {
                    continuation.yield(address)
                }
            },
            eventLoopGroupProvider: .shared(Self.group),
            logger: logger
        )
        self.services = ServiceGroup(configuration: .init(services: [application], logger: logger))
    }

    /// Binds the port and serves until ``shutdown()``.
    ///
    /// - Returns: The address it listens on.
    /// - Throws: What the system says if the port can't be bound.
    package func start() async throws -> SocketAddress {
        Task { [services, startedContinuation] in
            do {
                try await services.run()
                startedContinuation.finish()
            } catch {
                startedContinuation.finish(throwing: error)
            }
        }
        for try await address in started {
            return address
        }
        throw ChannelError.alreadyClosed
    }

    /// Stops accepting, and lets the requests in flight finish.
    package func shutdown() async {
        // Their requests would never finish by themselves.
        hub.close()
        await services.triggerGracefulShutdown()
        // The stream ends when the service has stopped; how, doesn't matter any more.
        var remaining = started.makeAsyncIterator()
        while (try? await remaining.next()) != nil {}
    }

    /// What is answered on which path; anything else is 404.
    private static func router(
        _ monitor: ServerMonitor, _ hub: DashboardHub, isLocal: Bool
    ) -> Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.addMiddleware { RequestRules(isLocal: isLocal) }
        router.get("/healthz") { _, _ in
            response(Array("ok\n".utf8), contentType: "text/plain; charset=utf-8")
        }
        router.get("/metrics") { request, _ in
            let accept = request.headers[values: .accept].joined(separator: ",")
            let metrics = monitor.metricsText(accept: accept.isEmpty ? nil : accept)
            return response(metrics.bytes, contentType: metrics.contentType)
        }
        router.get("/debug/maps") { _, _ in json(monitor.mapsReport()) }
        router.get("/debug/maps/{name}") { request, context in
            let name = context.parameters.get("name") ?? ""
            let step = request.uri.queryParameters["step"].flatMap { Int($0) } ?? 1
            guard let report = monitor.mapReport(name, step: step) else {
                return response(
                    Array("There is no map of this name; /debug/maps has all of them.\n".utf8),
                    contentType: "text/plain; charset=utf-8", status: .notFound)
            }
            return json(report)
        }
        DashboardRoutes.add(to: router, hub)
        return router
    }

    private static func json(_ report: some Encodable) -> Response {
        response(MapMonitor.json(report), contentType: "application/json; charset=utf-8")
    }

    private static func response(
        _ bytes: [UInt8], contentType: String, status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
