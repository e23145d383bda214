import Foundation
import NIOCore
import NIOPosix

/// Replays a trace against a server: `HGET` for each key, and on a miss `HSET`, as an application in front of a database would.
///
/// The requests are taken in the trace's order by whichever connection has room next, but none for a key whose first value is still on
/// its way, so that a server that removes nothing misses each key exactly once. All connections live on one event loop, so that a single
/// core bears the client.
///
/// Requests follow each other as fast as the server answers (a closed loop): the latencies say how long a request waited once sent, not
/// how long it would have waited at a given rate.
package struct TraceReplay: Sendable {
    /// Where and how to send.
    package struct Options: Sendable {
        /// The server's host name or address.
        package var host = "127.0.0.1"
        /// The server's port.
        package var port = 6379
        /// The password to send first, if any.
        package var password: String?
        /// How many connections to open.
        package var connectionCount = 8
        /// How many requests each connection has on its way at once.
        package var pipelineDepth = 16
        /// How many requests of the trace to send; 0 means all.
        package var requestCount = 0
        /// How long a stored value is.
        package var valueByteCount = 100

        /// Creates the customary options.
        package init() {}
    }

    /// How far a replay is.
    package struct Progress: Sendable {
        /// Requests answered.
        package var answered: Int
        /// Requests there are.
        package var total: Int
        /// Requests answered per second since the last report.
        package var rate: Double
        /// The share of answered requests that were hits.
        package var hitRatio: Double
    }

    /// Why a replay could not be finished.
    package struct Failure: Error, CustomStringConvertible {
        /// What went wrong, for people.
        package let description: String
    }

    /// What is replayed.
    package let trace: Trace
    /// Where and how.
    package let options: Options

    /// Prepares a replay.
    package init(trace: Trace, options: Options) {
        self.trace = trace
        self.options = options
    }

    /// Connects, replays everything and disconnects.
    ///
    /// - Parameter progress: Called about once a second while requests are sent.
    /// - Returns: What was measured.
    /// - Throws: ``Failure`` if the server can't be reached, refuses the password or goes away.
    package func run(progress: @escaping @Sendable (Progress) -> Void = { _ in }) async throws -> ReplayReport {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let report = try await run(on: group.next(), progress: progress)
            try await group.shutdownGracefully()
            return report
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private func run(on loop: any EventLoop, progress: @escaping @Sendable (Progress) -> Void) async throws
        -> ReplayReport
    {
        let total = options.requestCount == 0 ? trace.keys.count : min(options.requestCount, trace.keys.count)
        let session = NIOLoopBoundBox.makeBoxSendingValue(ReplaySession(keys: trace.keys[..<total]), eventLoop: loop)
        let handlersDone = try await connect(on: loop, session: session)

        let ticker = loop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            if let state = session.value.progress(now: .now()) {
                progress(state)
            }
        }
        defer { ticker.cancel() }
        try await EventLoopFuture.andAllSucceed(handlersDone, on: loop).get()
        return try await loop.submit { session.value.report() }.get()
    }

    /// Opens all connections; each begins as soon as it is open.
    ///
    /// - Returns: A future for each that is fulfilled when it has nothing more to do.
    private func connect(on loop: any EventLoop, session: NIOLoopBoundBox<ReplaySession>) async throws
        -> [EventLoopFuture<Void>]
    {
        var done: [EventLoopFuture<Void>] = []
        for _ in 0..<options.connectionCount {
            let promise = loop.makePromise(of: Void.self)
            done.append(promise.futureResult)
            do {
                _ = try await ClientBootstrap(group: loop)
                    .connectTimeout(.seconds(5))
                    .channelOption(.socketOption(.tcp_nodelay), value: 1)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            try channel.pipeline.syncOperations.addHandler(
                                ReplayHandler(session: session, options: options, done: promise))
                        }
                    }
                    .connect(host: options.host, port: options.port).get()
            } catch {
                promise.fail(error)
                throw Failure(description: "can't connect to \(options.host):\(options.port): \(Self.reason(error))")
            }
        }
        return done
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? NIOConnectionError else { return "\(error)" }
        guard let cause = error.connectionErrors.first?.error else { return "the host name is not known" }
        return (cause as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(cause)"
    }
}
