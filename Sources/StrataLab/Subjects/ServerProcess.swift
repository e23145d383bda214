import Foundation
import Glibc
import Synchronization

/// A server that is measured from outside: a process of its own on one processor, ended with this value.
final class ServerProcess: Sendable {
    /// The port it listens on.
    let port: Int
    private let process: Mutex<Process>
    private let identifier: Int32
    private let folder: URL

    /// Starts a server and waits until it listens.
    ///
    /// - Parameters:
    ///   - processor: Where it runs; `nil` for anywhere.
    ///   - words: The program and its arguments, made from a free port and a folder that goes with the process.
    /// - Throws: ``Subprocess/Failure`` with what it said, if it doesn't listen within ten seconds.
    init(on processor: Int?, _ words: (_ port: Int, _ folder: String) -> [String]) throws {
        port = try Self.freePort()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("strata-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let words = words(port, folder.path)
        let log = folder.appendingPathComponent("log")
        _ = FileManager.default.createFile(atPath: log.path, contents: nil)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = (processor.map { ["taskset", "-c", "\($0)"] } ?? []) + words
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: log)
        try process.run()
        identifier = process.processIdentifier
        let end = Nanoseconds.now() + 10_000_000_000
        while !Self.isListening(port) {
            guard process.isRunning, Nanoseconds.now() < end else {
                kill(process.processIdentifier, SIGKILL)
                let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
                try? FileManager.default.removeItem(at: folder)
                throw Subprocess.Failure(description: "\(words[0]) did not start: \(text.suffix(400))")
            }
            usleep(20_000)
        }
        self.process = Mutex(process)
    }

    /// A redis-server without persistence.
    convenience init(redisOn processor: Int?) throws {
        try self.init(on: processor) { port, folder in
            [
                "redis-server", "--port", "\(port)", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
                folder,
            ]
        }
    }

    /// This program as a sidecar in front of a server, with one thread for clients.
    convenience init(sidecarOf url: String, on processor: Int?) throws {
        try self.init(on: processor) { port, _ in
            [
                Subprocess.ownPath, "serve", "--port", "\(port)", "--http-port", "off", "--threads", "1", "--log-level",
                "error", "--upstream", url,
            ]
        }
    }

    deinit { stop() }

    /// Ends it.
    func stop() {
        process.withLock { process in
            guard process.isRunning else { return }
            // Killed, since nothing is lost, and a child may have inherited a mask of signals that keeps SIGTERM away.
            kill(identifier, SIGKILL)
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Where it can be reached.
    var url: String { "redis://127.0.0.1:\(port)" }

    /// The processor time it has used, user and system, in nanoseconds.
    var processorTime: Double {
        guard let text = try? String(contentsOfFile: "/proc/\(identifier)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return 0 }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return 0 }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK))) * 1e9
    }

    private static func freePort() throws -> Int {
        let number = withSocket { handle, address, length -> Int in
            guard bind(handle, address, length) == 0 else { return 0 }
            var bound = sockaddr_in()
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let result = withUnsafeMutablePointer(to: &bound) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(handle, $0, &size) }
            }
            return result == 0 ? Int(UInt16(bigEndian: bound.sin_port)) : 0
        }
        guard number != 0 else { throw Subprocess.Failure(description: "there is no free port") }
        return number
    }

    private static func isListening(_ port: Int) -> Bool {
        withSocket(port: port) { handle, address, length in connect(handle, address, length) == 0 }
    }

    /// Lends a socket and an address on the loopback interface.
    private static func withSocket<Result>(
        port: Int = 0, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        let handle = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(handle) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(handle, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
