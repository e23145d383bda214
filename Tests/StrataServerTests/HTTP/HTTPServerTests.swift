import Foundation
import FoundationNetworking
import Logging
import NIOCore
import NIOPosix
import StrataServer
import Testing

@Suite struct HTTPServerTests {
    private struct FixedSource: ServerMetricsSource {
        func metrics() -> ServerMetrics {
            var metrics = ServerMetrics()
            metrics.connectedClientCount = 7
            metrics.caches = [CacheMetrics(name: "db0")]
            metrics.caches[0].hitCount = 3
            metrics.caches[0].missCount = 1
            return metrics
        }
    }

    private func withServer(_ body: (URL) async throws -> Void) async throws {
        let server = HTTPServer(
            bindAddress: "127.0.0.1", port: 0, source: FixedSource(),
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
            #expect(metrics.response.value(forHTTPHeaderField: "Content-Type") == PrometheusWriter.contentType)
            #expect(metrics.body.contains("\nstrata_connected_clients 7\n"))
            #expect(metrics.body.contains("cache_hits_total{cache_name=\"db0\"} 3\n"))

            let index = try await get(base)
            #expect(index.response.statusCode == 200)
            #expect(index.body.contains("75.0 %"))

            #expect(try await get(base.appending(path: "nothing")).response.statusCode == 404)
        }
    }

    @Test func throws_whenPortIsInUse() async throws {
        try await withServer { base in
            let port = try #require(base.port)
            let second = HTTPServer(
                bindAddress: "127.0.0.1", port: port, source: FixedSource(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let error = await #expect(throws: IOError.self) { _ = try await second.start() }
            #expect(error?.errnoCode == EADDRINUSE)
            await second.shutdown()
        }
    }
}
