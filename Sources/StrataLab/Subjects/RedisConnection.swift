import Glibc

/// One blocking connection to a server that speaks Redis' protocol, for a load of `GET`, `SET`, `HGET`, `HSET` and `DEL`.
///
/// Requests are written into a buffer and sent together; replies are counted, not kept.
final class RedisConnection {
    private let socket: Int32
    private var output: [UInt8] = []
    private var input = [UInt8](repeating: 0, count: 1 << 16)
    private var scanner = ReplyScanner()
    private var waiting = 0

    /// Why a server could not be used.
    struct Failure: Error, CustomStringConvertible {
        /// What is wrong, for people.
        let description: String
    }

    /// Connects.
    init(_ address: RedisAddress) throws {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &found) == 0, let first = found else {
            throw Failure(description: "there is no host '\(address.host)'")
        }
        defer { freeaddrinfo(first) }
        socket = Glibc.socket(first.pointee.ai_family, first.pointee.ai_socktype, first.pointee.ai_protocol)
        // Also bounds how long connecting takes.
        var patience = timeval(tv_sec: Self.timeout, tv_usec: 0)
        for option in [SO_SNDTIMEO, SO_RCVTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard socket >= 0, connect(socket, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0 else {
            throw Failure(description: "nothing answers at \(address.host):\(address.port)")
        }
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        if let password = address.password {
            if let user = address.user {
                request("AUTH", Array(user.utf8), Array(password.utf8))
            } else {
                request("AUTH", Array(password.utf8))
            }
            do {
                try finish()
            } catch {
                throw Failure(description: "\(address.host):\(address.port) refuses the password: \(error)")
            }
        }
    }

    deinit { close(socket) }

    /// Seconds that a server may keep one waiting.
    private static let timeout = 20

    private static func interruption(_ count: Int) -> Failure {
        let isLate = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)
        let lateness = "the server takes longer than \(timeout) s to answer"
        return Failure(description: isLate ? lateness : "the server closed the connection")
    }

    /// Adds a request to those that are to be sent.
    func request(_ command: StaticString, _ first: [UInt8], _ second: [UInt8]? = nil) {
        output.append(UInt8(ascii: "*"))
        output.append(second == nil ? UInt8(ascii: "2") : UInt8(ascii: "3"))
        output += [13, 10]
        command.withUTF8Buffer { append($0) }
        first.withUnsafeBufferPointer { append($0) }
        second?.withUnsafeBufferPointer { append($0) }
        waiting += 1
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        output.append(UInt8(ascii: "$"))
        output += String(bytes.count).utf8
        output += [13, 10]
        output += bytes
        output += [13, 10]
    }

    /// Sends the requests and waits for all replies.
    ///
    /// - Returns: How many of them had a value.
    @discardableResult
    func finish() throws -> Int {
        var sent = 0
        while sent < output.count {
            let count = output.withUnsafeBytes {
                send(socket, $0.baseAddress.unsafelyUnwrapped + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Self.interruption(count) }
            sent += count
        }
        output.removeAll(keepingCapacity: true)
        var values = 0
        var failure: String?
        while waiting > 0 {
            let count = recv(socket, &input, input.count, 0)
            guard count > 0 else { throw Self.interruption(count) }
            try input.withUnsafeBytes { bytes in
                try scanner.scan(UnsafeRawBufferPointer(rebasing: bytes[..<count])) { reply in
                    waiting -= 1
                    if case .value = reply { values += 1 }
                    if case .error(let text) = reply { failure = failure ?? text }
                }
            }
        }
        if let failure { throw Failure(description: "the server answers: \(failure)") }
        return values
    }
}
