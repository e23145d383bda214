import Foundation
import NIOCore
import NIOPosix
import StrataLab
import Testing

@Suite struct TraceReplayTests {
    /// Answers `HGET` and `HSET` from a dictionary, anything else with an error: as much of a server as a replay needs.
    private final class DictionaryServer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let stored: Stored
        private var input = ""

        init(stored: Stored) {
            self.stored = stored
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            input += String(buffer: unwrapInboundIn(data))
            var output = ByteBuffer()
            var lines = input.components(separatedBy: "\r\n")
            while let count = lines.first.flatMap({ $0.first == "*" ? Int($0.dropFirst()) : nil }),
                lines.count > count * 2 + 1
            {
                let words = (0..<count).map { lines[$0 * 2 + 2] }
                lines.removeFirst(count * 2 + 1)
                switch words[0] {
                case "HGET":
                    output.writeString(stored.values[words[1]].map { "$\($0.utf8.count)\r\n\($0)\r\n" } ?? "$-1\r\n")
                case "HSET":
                    output.writeString(
                        stored.values.updateValue(words[3], forKey: words[1]) == nil ? ":1\r\n" : ":0\r\n")
                default:
                    output.writeString("-ERR refused\r\n")
                }
            }
            input = lines.joined(separator: "\r\n")
            context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        }
    }

    /// What the connections of a server share.
    ///
    /// Sendable because all of them live on one event loop.
    private final class Stored: @unchecked Sendable {
        var values: [String: String] = [:]
    }

    private func withServer<Result>(_ body: (Int) async throws -> Result) async throws -> Result {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let stored = Stored()
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(DictionaryServer(stored: stored))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(channel.localAddress?.port ?? 0)
            try await group.shutdownGracefully()
            return result
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
    }

    private func options(port: Int) -> TraceReplay.Options {
        var options = TraceReplay.Options()
        options.port = port
        options.connectionCount = 1
        options.pipelineDepth = 1
        return options
    }

    @Test func countsExactly_whenOneRequestIsOnItsWayAtATime() async throws {
        let trace = Trace(keys: [1, 2, 1, 3, 2, 1])
        let report = try await withServer { port in
            try await TraceReplay(trace: trace, options: options(port: port)).run()
        }
        #expect(report.hitCount == 3)
        #expect(report.missCount == 3)
        #expect(report.storedCount == 3)
        #expect(report.errorCount == 0)
        #expect(report.hitRatio == 0.5)
        #expect(report.lookups.count == 6)
    }

    @Test(arguments: [(1, 16), (4, 1), (3, 5)])
    func answersEveryRequest_whateverTheConcurrency(connectionCount: Int, pipelineDepth: Int) async throws {
        let trace = Trace(keys: (0..<1000).map { UInt64($0 % 100) })
        let report = try await withServer { port in
            var options = options(port: port)
            options.connectionCount = connectionCount
            options.pipelineDepth = pipelineDepth
            return try await TraceReplay(trace: trace, options: options).run()
        }
        #expect(report.lookupCount == 1000)
        #expect(report.missCount == 100)
        #expect(report.storedCount == 100)
    }

    @Test func sendsOnlySoManyRequests() async throws {
        let report = try await withServer { port in
            var options = options(port: port)
            options.requestCount = 4
            return try await TraceReplay(trace: Trace(keys: [1, 2, 3, 4, 5]), options: options).run()
        }
        #expect(report.lookupCount == 4)
    }

    @Test func throws_whenPasswordIsRefused() async throws {
        let error = await #expect(throws: TraceReplay.Failure.self) {
            try await withServer { port in
                var options = options(port: port)
                options.password = "wrong"
                return try await TraceReplay(trace: Trace(keys: [1]), options: options).run()
            }
        }
        #expect(error?.description == "the server refuses the password: ERR refused")
    }

    @Test func throws_whenNobodyListens() async throws {
        // A port below 1024 that nothing uses, so that no other test's server can take it meanwhile.
        let port = 1
        let error = await #expect(throws: TraceReplay.Failure.self) {
            try await TraceReplay(trace: Trace(keys: [1]), options: options(port: port)).run()
        }
        #expect(error?.description.hasPrefix("can't connect to 127.0.0.1:\(port):") == true)
    }

    @Test func reportIsReadable() async throws {
        let report = try await withServer { port in
            try await TraceReplay(trace: Trace(keys: [1, 1]), options: options(port: port)).run()
        }
        let lines = report.text.split(separator: "\n")
        #expect(lines[0] == "requests      2")
        #expect(lines[3] == "hit ratio     0.5000")
        #expect(lines.contains { $0.hasPrefix("HGET latency  P50 ") && $0.contains("P99.9 ") && $0.contains("max ") })
    }
}
