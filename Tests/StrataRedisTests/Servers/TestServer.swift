import Foundation
import StrataRedis
import StrataTiering

/// A Redis server that a test starts on a free port of the loopback interface, and that ends with it.
final class TestServer: Sendable {
    /// What a server is started as.
    struct Options: Sendable {
        var program = TestServer.debianProgram
        var arguments: [String] = []
        var usesTLS = false
        var isCluster = false
    }

    static let debianProgram = "/usr/bin/redis-server"

    /// A Redis with deadlines of fields, where the environment or `scripts/prepare` provides one.
    static let newerProgram = program("STRATA_NEWER_REDIS", ".build/newer-redis/redis-server")
    /// A Valkey with deadlines of fields.
    static let valkeyProgram = program("STRATA_VALKEY", ".build/valkey/valkey-server")
    /// All servers with deadlines of fields.
    static let newerPrograms = [newerProgram, valkeyProgram].compactMap { $0 }

    private static func program(_ variable: String, _ path: String) -> String? {
        [ProcessInfo.processInfo.environment[variable], path].compactMap { $0 }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    let port: Int
    let directory: URL
    private let options: Options
    private let process: Guarded<Process?>

    var endpoint: RedisEndpoint { RedisEndpoint("127.0.0.1", port) }

    /// A configuration for this server, with short times so that tests are quick.
    var configuration: RedisConfiguration { Self.configuration(endpoint) }

    static func configuration(_ endpoint: RedisEndpoint) -> RedisConfiguration {
        var configuration = RedisConfiguration(endpoint)
        configuration.heartbeatInterval = .milliseconds(500)
        configuration.heartbeatTimeout = .milliseconds(500)
        configuration.commandTimeout = .seconds(5)
        configuration.maximumReconnectPause = .milliseconds(200)
        configuration.canaryInterval = .milliseconds(100)
        return configuration
    }

    init(_ options: Options = Options()) async throws {
        self.options = options
        port = try Ports.take()
        directory = FileManager.default.temporaryDirectory.appending(path: "strata-redis-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        process = Guarded(nil)
        try await start()
    }

    /// Starts the server and waits until it answers.
    func start() async throws {
        let process = Process()
        process.executableURL = URL(filePath: options.program)
        var arguments = [
            "--dir", directory.path, "--save", "", "--appendonly", "no", "--bind", "127.0.0.1", "--loglevel", "warning",
        ]
        arguments += options.usesTLS ? ["--port", "0", "--tls-port", String(port)] : ["--port", String(port)]
        if options.isCluster {
            arguments += [
                "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "1000",
                // A replica that hasn't copied its primary yet can't replace it.
                "--repl-diskless-sync-delay", "0",
            ]
        }
        process.arguments = arguments + options.arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        self.process.withLock { $0 = process }
        let end = Date(timeIntervalSinceNow: 10)
        while !Ports.accepts(port) {
            guard process.isRunning, Date() < end else {
                throw TestServerError(description: "\(options.program) didn't start on port \(port)")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Sends the server a signal.
    func signal(_ number: Int32) {
        process.withLock { process in
            if let process, process.isRunning { kill(process.processIdentifier, number) }
        }
    }

    /// Ends the server at once, as a crash would, and waits until it is gone.
    func kill9() {
        let process = self.process.withLock { $0 }
        guard let process, process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Runs `redis-cli` against the server.
    @discardableResult
    func cli(_ arguments: String...) async throws -> String {
        try await TestServer.run("/usr/bin/redis-cli", ["-p", String(port)] + arguments)
    }

    /// Runs a program to its end, on a thread of its own: tests share a few, which mustn't block.
    @discardableResult
    static func run(_ program: String, _ arguments: [String]) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try runBlocking(program, arguments) })
            }
        }
    }

    private static func runBlocking(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw TestServerError(description: "\(program) \(arguments.joined(separator: " ")): \(output)")
        }
        return output
    }

    deinit {
        kill9()
        try? FileManager.default.removeItem(at: directory)
    }
}

struct TestServerError: Error, CustomStringConvertible {
    let description: String
}

/// Free ports of the loopback interface.
enum Ports {
    private static let taken = Guarded<Set<Int>>([])

    /// A port that nobody listens on and that was given to nobody before; 10 000 above it is free as well, for a cluster's bus.
    static func take() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 20_000...30_000)
            let isNew = taken.withLock { $0.insert(port).inserted }
            if isNew, isFree(port), isFree(port + 10_000) { return port }
        }
        throw TestServerError(description: "there is no free port")
    }

    private static func isFree(_ port: Int) -> Bool {
        withSocket { descriptor in
            var address = address(port)
            var one: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
    }

    static func accepts(_ port: Int) -> Bool {
        withSocket { descriptor in
            var address = address(port)
            return withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
        }
    }

    private static func withSocket(_ body: (Int32) -> Bool) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return body(descriptor)
    }

    private static func address(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        return address
    }
}
