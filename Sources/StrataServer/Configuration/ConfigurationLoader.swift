import Configuration

/// Makes a ``ServerConfiguration`` of the command line, the environment and a file; the first that says something wins.
package enum ConfigurationLoader {
    /// Reads all settings.
    ///
    /// - Parameters:
    ///   - commandLine: The values given as options, by option name; a switch that was given has the value `true`.
    ///   - environment: The environment; the variables `STRATA_…` count.
    ///   - configurationPath: The path given with `--config`; without one, `STRATA_CONFIG` names the file, or there is none.
    /// - Returns: A configuration that was checked as a whole.
    /// - Throws: ``ConfigurationError`` for the first thing that is wrong.
    package static func load(
        commandLine: [String: String], environment: [String: String], configurationPath: String?
    ) throws -> ServerConfiguration {
        let file = try (configurationPath ?? environment["STRATA_CONFIG"]).map { path throws(ConfigurationError) in
            try ConfigurationFile(path: path)
        }
        var sources = [
            Source(provider: provider("command line", commandLine)) { "--\($0.name)" },
            Source(provider: EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "strata"))
            {
                $0.environmentName
            },
        ]
        if let file {
            sources.append(
                Source(provider: provider(file.path, file.items.mapValues(\.value))) { file.origin(of: $0.name) })
        }

        var configuration = ServerConfiguration()
        for option in ServerOption.all {
            for source in sources {
                guard let text = source.reader.string(forKey: ConfigKey([option.name])) else { continue }
                do throws(ServerOption.InvalidValue) {
                    try option.apply(text, &configuration)
                } catch {
                    throw ConfigurationError(origin: source.origin(option), reason: error.reason)
                }
                break
            }
        }
        try configuration.validate()
        return configuration
    }

    /// A place where settings come from, and how a message names one of them.
    private struct Source {
        let reader: ConfigReader
        let origin: (ServerOption) -> String

        init(provider: some ConfigProvider, origin: @escaping (ServerOption) -> String) {
            self.reader = ConfigReader(provider: provider)
            self.origin = origin
        }
    }

    private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
        InMemoryProvider(
            name: name,
            values: .init(
                uniqueKeysWithValues: values.map {
                    (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false))
                }))
    }
}
