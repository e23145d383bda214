import Foundation
import FoundationNetworking
import Logging
import NIOCore
import NIOPosix
import StrataMonitor
import StrataServer
import Testing

@Suite struct HTTPServerTests {
    private final class FixedSource: ServerMetricsSource, MapFigureSource {
        private let recorder = OperationRecorder()
        let mapKind = MapKind.store

        func mapFigures(probeSampleCount: Int) -> MapFigures {
            var figures = MapFigures()
            figures.hitTotal = 3
            figures.missTotal = 1
            return figures
        }

        func metrics() -> ServerMetrics {
            var metrics = ServerMetrics()
            metrics.connectedClientCount = 7
            return metrics
        }

        var caches: [MonitoredCache] { [MonitoredCache(name: "db0", source: self, recorder: recorder)] }
        var tiers: [(name: String, figures: @Sendable () -> TierFigures?)] { [] }
        func beginRecording() {}
    }

    private let source = FixedSource()

    private func withServer(
        requestTimeout: TimeAmount = .seconds(10), _ body: (URL) async throws -> Void
    ) async throws {
        let server = HTTPServer(
            bindAddress: "127.0.0.1", port: 0, isLocal: true, monitor: ServerMonitor(source),
            requestTimeout: requestTimeout,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let address = try await server.start()
        let port = try #require(address.port)
        do {
            try await body(try #require(URL(string: "http://127.0.0.1:\(port)")))
        } catch {
            await server.shutdown()
            throw error
        }
        await server.shutdown()
    }

    private func get(_ url: URL) async throws -> (body: String, response: HTTPURLResponse) {
        let (data, response) = try await URLSession.shared.data(from: url)
        return (String(decoding: data, as: UTF8.self), try #require(response as? HTTPURLResponse))
    }

    @Test func answersEachPath() async throws {
        try await withServer { base in
            let health = try await get(base.appending(path: "healthz"))
            #expect(health.response.statusCode == 200)
            #expect(health.body == "ok\n")

            let metrics = try await get(base.appending(path: "metrics"))
            #expect(metrics.response.statusCode == 200)
            #expect(
                metrics.response.value(forHTTPHeaderField: "Content-Type") == ExpositionFormat.prometheus.contentType)
            #expect(metrics.body.contains("\nstrata_connected_clients 7\n"))
            #expect(metrics.body.contains("cache_hits_total{cache_name=\"db0\"} 3\n"))

            var request = URLRequest(url: base.appending(path: "metrics"))
            request.setValue("application/openmetrics-text;version=1.0.0", forHTTPHeaderField: "Accept")
            let (open, response) = try await URLSession.shared.data(for: request)
            #expect(String(decoding: open, as: UTF8.self).hasSuffix("# EOF\n"))
            #expect(
                (response as? HTTPURLResponse)?.value(forHTTPHeaderField: "Content-Type")
                    == ExpositionFormat.openMetrics.contentType)

            let maps = try await get(base.appending(path: "debug/maps"))
            #expect(maps.response.value(forHTTPHeaderField: "Content-Type") == "application/json; charset=utf-8")
            let report = try JSONDecoder().decode(MapsReport.self, from: Data(maps.body.utf8))
            #expect(report.maps.map(\.name) == ["db0"])
            let map = try await get(base.appending(path: "debug/maps/db0"))
            let one = try JSONDecoder().decode(MapReport.self, from: Data(map.body.utf8))
            #expect(one.figures.hitTotal == 3)
            #expect(try await get(base.appending(path: "debug/maps/db9")).response.statusCode == 404)

            let index = try await get(base)
            #expect(index.response.statusCode == 200)
            #expect(index.body.contains("/assets/app.js"))

            let nothing = try await get(base.appending(path: "nothing"))
            #expect(nothing.response.statusCode == 404)
            #expect(nothing.body.contains("/metrics"))

            let past = try await get(
                try #require(URL(string: "dashboard/past?span=3600", relativeTo: base)))
            #expect(try JSONDecoder().decode(DashboardCourse.self, from: Data(past.body.utf8)).step == 10)
        }
    }

    @Test func saysWhatMayBeAsked_whenSomethingElseIs() async throws {
        try await withServer { base in
            var request = URLRequest(url: base.appending(path: "metrics"))
            request.httpMethod = "DELETE"
            let (_, response) = try await URLSession.shared.data(for: request)
            let answer = try #require(response as? HTTPURLResponse)
            #expect(answer.statusCode == 405)
            #expect(answer.value(forHTTPHeaderField: "Allow") == "GET, HEAD")
        }
    }

    /// A request that arrives byte by byte once kept its place as long as it liked.
    @Test func closesAConnection_whenItsRequestDoesNotCome() async throws {
        try await withServer(requestTimeout: .milliseconds(100)) { base in
            let port = try #require(base.port)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await channel.writeAndFlush(ByteBuffer(string: "GET /healthz HTTP/1.1\r\nX: "))
            try await channel.closeFuture.get()
        }
    }

    @Test func throws_whenPortIsInUse() async throws {
        try await withServer { base in
            let port = try #require(base.port)
            let second = HTTPServer(
                bindAddress: "127.0.0.1", port: port, isLocal: true, monitor: ServerMonitor(source),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let error = await #expect(throws: IOError.self) { _ = try await second.start() }
            #expect(error?.errnoCode == EADDRINUSE)
            await second.shutdown()
        }
    }
}
