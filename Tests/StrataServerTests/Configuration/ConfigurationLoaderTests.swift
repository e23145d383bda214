import Foundation
import Strata
import StrataServer
import Testing

@Suite struct ConfigurationLoaderTests {
    /// Loads with a file of this text, if any.
    private func load(
        _ commandLine: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws -> ServerConfiguration {
        guard let file else {
            return try ConfigurationLoader.load(
                commandLine: commandLine, environment: environment, configurationPath: nil)
        }
        return try withTemporaryFile(file) { path in
            try ConfigurationLoader.load(commandLine: commandLine, environment: environment, configurationPath: path)
        }
    }

    private func withTemporaryFile<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("strata-\(UUID().uuidString).yaml")
        try text.write(to: url, atomically: false, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: url) }
        return try body(url.path)
    }

    private func failure(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test func hasDefaults_whenNothingIsGiven() throws {
        let configuration = try load()
        #expect(configuration.bindAddress == "127.0.0.1")
        #expect(configuration.port == 6379)
        #expect(configuration.httpPort == 8080)
        #expect(configuration.password == nil)
        #expect(configuration.maximumMemory == 0)
        #expect(configuration.evictionPolicy == nil)
        #expect(configuration.effectiveEvictionPolicy == .noEviction)
        #expect(!configuration.isDebugCommandEnabled)
    }

    @Test func prefersCommandLineToEnvironmentToFile() throws {
        let file = "port: 1\nhttp-port: 11\nmax-clients: 111\n"
        let environment = ["STRATA_PORT": "2", "STRATA_HTTP_PORT": "22", "PORT": "9"]
        let configuration = try load(["port": "3"], environment: environment, file: file)
        #expect(configuration.port == 3)
        #expect(configuration.httpPort == 22)
        #expect(configuration.limits.maximumClientCount == 111)
    }

    @Test func readsEveryKindOfValue() throws {
        let configuration = try load([
            "max-memory": "1gb", "eviction-policy": "allkeys-lfu", "log-level": "DEBUG", "enable-debug-command": "true",
            "http-port": "off", "timeout": "30", "threads": "2",
            "forecast-lead": "60", "forecast-period": "3600",
        ])
        #expect(configuration.maximumMemory == 1 << 30)
        #expect(configuration.evictionPolicy == .allKeysLFU)
        #expect(configuration.logLevel == .debug)
        #expect(configuration.isDebugCommandEnabled)
        #expect(configuration.httpPort == nil)
        #expect(configuration.limits.idleTimeoutSeconds == 30)
        #expect(configuration.threadCount == 2)
        #expect(configuration.forecastLeadSeconds == 60)
        #expect(configuration.forecastPeriodSeconds == 3600)
    }

    @Test(arguments: [
        (["port": "80 80"], "--port: '80 80' is not a port"),
        (["port": "70000"], "--port: 70000 is out of range"),
        (["forecast-lead": "14"], "--forecast-lead: 14 is out of range"),
        (["forecast-lead": "soon"], "--forecast-lead: 'soon' is not a number of seconds"),
        (["forecast-lead": "30000"], "--forecast-lead: 30000 seconds are more than a quarter of --forecast-period"),
        (["forecast-period": "59"], "--forecast-period: 59 is out of range"),
        (["max-memory": "lots"], "--max-memory: 'lots' is not a size"),
        (["eviction-policy": "lru"], "--eviction-policy: 'lru' is not an eviction policy; choose one of noeviction"),
        (["password-file": "/nonexistent"], "--password-file: can't open /nonexistent: No such file"),
        (["bind": "0.0.0.0"], "--bind: 0.0.0.0 can be reached from other machines"),
        (["bind": "300.1.1.1"], "--bind: '300.1.1.1' is not an IP address"),
        (["bind": "::"], "--bind: :: can be reached from other machines"),
        (["port": "8080"], "--port and --http-port are both 8080"),
        (["tls-cert": "/dev/null"], "--tls-cert needs --tls-key as well"),
        (["tls-cert": "/nonexistent", "tls-key": "/dev/null"], "--tls-cert: can't open /nonexistent"),
    ])
    func saysWhatIsWrong(commandLine: [String: String], expected: String) throws {
        let message = try #require(failure { _ = try load(commandLine) })
        #expect(message.hasPrefix(expected), "\(message)")
    }

    @Test func namesVariable_whenItsValueIsBad() throws {
        let message = try #require(failure { _ = try load(environment: ["STRATA_MAX_MEMORY": "1xb"]) })
        #expect(message.hasPrefix("STRATA_MAX_MEMORY: '1xb' is not a size"))
    }

    @Test func namesLine_whenValueInFileIsBad() throws {
        let message = try #require(failure { _ = try load(file: "port: 1\nmax-memory: 1xb\n") })
        #expect(message.contains(".yaml:2: max-memory: '1xb' is not a size"))
    }

    @Test func takesFirstLineAsPassword() throws {
        try withTemporaryFile("secret\nsecond line\n") { path in
            let configuration = try load(["password-file": path, "bind": "0.0.0.0"])
            #expect(configuration.password == Array("secret".utf8))
        }
    }

    @Test func refusesEmptyPassword() throws {
        try withTemporaryFile("\n") { path in
            let message = try #require(failure { _ = try load(["password-file": path]) })
            #expect(message.contains("is empty"))
        }
    }

    @Test(arguments: ["127.0.0.1", "127.8.8.8", "::1", "0:0:0:0:0:0:0:1", "localhost", "::ffff:127.0.0.1"])
    func acceptsLoopbackWithoutPassword(address: String) throws {
        #expect(try load(["bind": address]).isBoundToLoopback)
    }

    @Test func namesAreUniqueAndSuitEveryPlace() {
        let names = ServerOption.all.map(\.name)
        #expect(Set(names).count == names.count)
        for option in ServerOption.all {
            #expect(option.name.allSatisfy { $0 == "-" || ($0.isASCII && $0.isLowercase) })
            #expect(option.environmentName.hasPrefix("STRATA_"))
            #expect(option.summary.hasSuffix("."))
        }
    }
}
