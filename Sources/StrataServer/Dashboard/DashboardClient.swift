import Foundation
import NIOCore
import NIOPosix
package import StrataMonitor

/// Asks a server for what its dashboard shows.
///
/// Each question is a connection of its own: nothing has to be mended when the server has been away.
package struct DashboardClient: Sendable {
    /// Why there is no answer.
    package enum Failure: Error, Hashable, CustomStringConvertible {
        /// The URL isn't one of a server.
        case badURL(String)
        /// Nobody can be reached there; why.
        case unreachable(String)
        /// It answered, but not with figures.
        case refused(String)

        /// What is wrong, in words.
        package var description: String {
            switch self {
            case .badURL(let reason): reason
            case .unreachable(let reason): reason
            case .refused(let reason): reason
            }
        }
    }

    /// Longer answers are none of a Strata's.
    private static let maximumByteCount = 16 << 20

    /// The server's name or address.
    package let host: String
    /// Its port for HTTP.
    package let port: Int
    private let timeout: TimeAmount

    /// A client of a server.
    ///
    /// - Parameters:
    ///   - url: `http://host:port/`; scheme and path may be left out, and the port, which is 8080 then.
    ///   - timeout: How long an answer may take, in seconds.
    /// - Throws: ``Failure/badURL(_:)``.
    package init(url: String, timeout: Double = 5) throws(Failure) {
        var rest = url[...]
        if let end = rest.firstRange(of: "://") {
            guard rest[..<end.lowerBound].lowercased() == "http" else {
                throw .badURL("\(url): only http:// is spoken here, such as http://127.0.0.1:8080")
            }
            rest = rest[end.upperBound...]
        }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        var port = 8080
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("]") {
            guard let number = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(number) else {
                throw .badURL("\(url): '\(rest[rest.index(after: colon)...])' is no port")
            }
            port = number
            rest = rest[..<colon]
        }
        if rest.hasPrefix("["), rest.hasSuffix("]") { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty, rest.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "@" }) else {
            throw .badURL("\(url): a server is named like http://127.0.0.1:8080")
        }
        host = String(rest)
        self.port = port
        self.timeout = .milliseconds(Int64(timeout * 1000))
    }

    /// The moment and the last minutes.
    package func snapshot() async throws(Failure) -> DashboardSnapshot {
        guard let snapshot = try await answer("/dashboard/state", DashboardSnapshot.self) else {
            throw .refused("there is an HTTP server at \(host):\(port), but no Strata with a dashboard")
        }
        guard
            snapshot.points.allSatisfy({ point in
                stride(from: 0, to: point.heat.count, by: 2).allSatisfy {
                    snapshot.bounds.indices ~= point.heat[$0] && $0 + 1 < point.heat.count
                }
            })
        else { throw .refused(otherFigures) }
        return snapshot
    }

    /// One map; `nil` if there is none of this name.
    package func map(_ name: String) async throws(Failure) -> DashboardMap? {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~".utf8)
        let digits = Array("0123456789ABCDEF")
        var escaped = ""
        for byte in name.utf8 {
            if plain.contains(byte) {
                escaped.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                escaped += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return try await answer("/dashboard/map?name=\(escaped)", DashboardMap.self)
    }

    /// What a path answers; `nil` for 404.
    private func answer<Value: Decodable>(_ path: String, _ type: Value.Type) async throws(Failure) -> Value? {
        let (status, body) = try await get(path)
        if status == 404 { return nil }
        guard status == 200 else { throw .refused("\(host):\(port) answered with status \(status)") }
        guard Self.isSound(body), let value = try? JSONDecoder().decode(type, from: Data(body)) else {
            throw .refused(otherFigures)
        }
        return value
    }

    private var otherFigures: String {
        "\(host):\(port) answered something else than figures; is it a Strata of the same version?"
    }

    /// Whether all numbers of a JSON text are of a size that figures can have, so that they can be added and drawn.
    ///
    /// Who answers at an address that somebody typed may be anybody.
    static func isSound(_ body: [UInt8]) -> Bool {
        func isSound(_ value: Any) -> Bool {
            switch value {
            case let list as [Any]: list.allSatisfy(isSound)
            case let object as [String: Any]: object.values.allSatisfy(isSound)
            case let number as NSNumber: number.doubleValue.magnitude < 4e14
            default: true
            }
        }
        return (try? JSONSerialization.jsonObject(with: Data(body))).map(isSound) ?? false
    }

    private func get(_ path: String) async throws(Failure) -> (status: Int, body: [UInt8]) {
        let bytes: [UInt8]
        do {
            let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connectTimeout(timeout)
            let channel = try await bootstrap.connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let collector = Collector(maximumByteCount: Self.maximumByteCount)
                    try channel.pipeline.syncOperations.addHandler(collector)
                    return (channel, collector.bytes(on: channel.eventLoop))
                }
            }
            let name = host.contains(":") ? "[\(host)]" : host
            let request =
                "GET \(path) HTTP/1.1\r\nHost: \(name):\(port)\r\nConnection: close\r\nAccept: application/json\r\n\r\n"
            let deadline = channel.0.eventLoop.scheduleTask(in: timeout) {
                channel.0.pipeline.fireErrorCaught(ChannelError.connectTimeout(timeout))
            }
            defer { deadline.cancel() }
            try await channel.0.writeAndFlush(ByteBuffer(string: request))
            bytes = try await channel.1.get()
        } catch ChannelError.connectTimeout {
            throw .unreachable("\(host):\(port) takes more than \(timeout.nanoseconds / 1_000_000) ms to answer")
        } catch {
            throw .unreachable("nobody answers at \(host):\(port)")
        }
        guard let answer = Self.parse(bytes) else { throw .refused("\(host):\(port) doesn't speak HTTP") }
        return answer
    }

    /// Status and body of an answer that ended with its connection; `nil` if it is none.
    static func parse(_ bytes: [UInt8]) -> (status: Int, body: [UInt8])? {
        guard let end = bytes.firstIndex(of: [13, 10, 13, 10]) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = head.first, first.hasPrefix("HTTP/1."),
            let status = first.split(separator: " ").dropFirst().first
        else { return nil }
        let body = bytes[(end + 4)...]
        for line in head.dropFirst() where line.lowercased().hasPrefix("content-length:") {
            // Cut off on its way.
            guard let length = Int(line.dropFirst(15).trimmingPrefix(while: { $0 == " " })), body.count >= length else {
                return nil
            }
            return Int(status).map { ($0, Array(body.prefix(length))) }
        }
        return Int(status).map { ($0, Array(body)) }
    }
}

extension [UInt8] {
    /// Where some bytes first occur.
    fileprivate func firstIndex(of other: [UInt8]) -> Int? {
        guard count >= other.count else { return nil }
        return (0...(count - other.count)).first {
            self[$0] == other[0] && Array(self[$0..<($0 + other.count)]) == other
        }
    }
}

/// Everything that comes until the connection ends.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let maximumByteCount: Int
    private var received = ByteBuffer()
    private var promise: EventLoopPromise<[UInt8]>?

    init(maximumByteCount: Int) { self.maximumByteCount = maximumByteCount }

    func bytes(on loop: any EventLoop) -> EventLoopFuture<[UInt8]> {
        let promise = loop.makePromise(of: [UInt8].self)
        self.promise = promise
        return promise.futureResult
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        received.writeBuffer(&buffer)
        if received.readableBytes > maximumByteCount { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise?.succeed(Array(received.readableBytesView))
        promise = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise?.fail(error)
        promise = nil
        context.close(promise: nil)
    }

    deinit { promise?.fail(ChannelError.alreadyClosed) }
}
