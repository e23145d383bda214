import ArgumentParser
import Foundation
import Logging
import StrataServer

/// `strata serve`.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Start a server for Redis clients, with figures over HTTP.",
        discussion: """
            Every option can also be given by an environment variable (--max-memory is STRATA_MAX_MEMORY) or in a file named with \
            --config: YAML or JSON, one 'option: value' per line. The command line wins over the environment, the environment over \
            the file.

            The server prints its addresses once it is ready and stops on Ctrl-C or SIGTERM, after finishing what is under way.

            Examples:

              strata serve
              strata serve --max-memory 1gb
              strata serve --bind 0.0.0.0 --password-file /etc/strata/password --tls-cert cert.pem --tls-key key.pem
              strata serve --port 6380 --upstream redis://127.0.0.1:6379
              STRATA_PORT=6380 strata serve --config strata.yaml
            """)

    @Option(.bind) var bind: String?
    @Option(.port) var port: String?
    @Option(.httpPort) var httpPort: String?
    @Option(.upstream) var upstream: String?
    @Option(.passwordFile) var passwordFile: String?
    @Option(.tlsCertificate) var tlsCertificate: String?
    @Option(.tlsKey) var tlsKey: String?
    @Option(.maximumMemory) var maximumMemory: String?
    @Option(.evictionPolicy) var evictionPolicy: String?
    @Option(.maximumClients) var maximumClients: String?
    @Option(.timeout) var timeout: String?
    @Option(.threads) var threads: String?
    @Option(.forecastLead) var forecastLead: String?
    @Option(.forecastPeriod) var forecastPeriod: String?
    @Option(.logLevel) var logLevel: String?
    @Flag(
        name: .customLong(ServerOption.enableDebugCommand.name),
        help: ArgumentHelp(stringLiteral: ServerOption.enableDebugCommand.helpText))
    var enableDebugCommand = false
    @Option(name: .customLong("config"), help: ArgumentHelp("A file with options, in YAML or JSON.", valueName: "path"))
    var configurationPath: String?

    /// What was given on the command line, by option name.
    private var given: [String: String] {
        let values: [(ServerOption, String?)] = [
            (.bind, bind), (.port, port), (.httpPort, httpPort), (.upstream, upstream), (.passwordFile, passwordFile),
            (.tlsCertificate, tlsCertificate),
            (.tlsKey, tlsKey), (.maximumMemory, maximumMemory), (.evictionPolicy, evictionPolicy),
            (.maximumClients, maximumClients), (.timeout, timeout), (.threads, threads), (.forecastLead, forecastLead),
            (.forecastPeriod, forecastPeriod), (.logLevel, logLevel),
            (.enableDebugCommand, enableDebugCommand ? "true" : nil),
        ]
        return Dictionary(uniqueKeysWithValues: values.compactMap { option, value in value.map { (option.name, $0) } })
    }

    func run() async throws {
        let configuration = try ConfigurationLoader.load(
            commandLine: given, environment: ProcessInfo.processInfo.environment, configurationPath: configurationPath)
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = Logger.Level(rawValue: configuration.logLevel.rawValue) ?? .info
            return handler
        }
        let signals = await TerminationSignals()
        let service = try ServerProcess(configuration: configuration, logger: Logger(label: "strata"))
        print(try await service.start())
        // Standard output is a pipe as often as a terminal; whoever reads it waits for these lines.
        fflush(nil)
        await signals.first()
        await service.stop()
    }
}
