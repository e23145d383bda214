import Yams

/// What a configuration file says: its keys, their values as text and their lines.
///
/// YAML, and JSON because every JSON text is a YAML text. One mapping from option names to scalars:
///
///     port: 6380
///     max-memory: 1gb
///
/// A key that is no option is an error that names the line, so that a misspelt limit is never silently no limit.
package struct ConfigurationFile: Sendable {
    /// One key of the file.
    package struct Item: Sendable, Equatable {
        /// The value as written, without quotes.
        package var value: String
        /// The line of the key, counted from 1; `nil` if the parser doesn't tell.
        package var line: Int?
    }

    /// The path, for messages.
    package let path: String
    /// The values by option name.
    package let items: [String: Item]

    /// Reads and checks a file.
    package init(path: String) throws(ConfigurationError) {
        let bytes: [UInt8]
        do throws(ConfigurationError) {
            bytes = try FileContents.read(path, maximumByteCount: 1 << 20)
        } catch {
            throw ConfigurationError(origin: "--config", reason: error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(origin: path, reason: "is not UTF-8 text")
        }
        try self.init(path: path, text: text)
    }

    /// Checks the text of a file.
    package init(path: String, text: String) throws(ConfigurationError) {
        self.path = path
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw Self.syntaxError(error, path: path)
        } catch {
            throw ConfigurationError(origin: path, reason: "\(error)")
        }
        guard let root, root.null == nil else {
            self.items = [:]
            return
        }
        guard let mapping = root.mapping else {
            throw ConfigurationError(origin: path, reason: "must hold lines of the form 'option: value'")
        }
        var items: [String: Item] = [:]
        for (key, value) in mapping {
            let line = key.mark?.line
            let name = key.string ?? ""
            let origin = Self.origin(path: path, line: line, name: name)
            guard ServerOption.all.contains(where: { $0.name == name }) else {
                throw ConfigurationError(origin: origin, reason: Self.unknownOption(name))
            }
            guard case .scalar(let scalar) = value else {
                throw ConfigurationError(origin: origin, reason: "needs a single value, not a list or a mapping")
            }
            items[name] = Item(value: scalar.string, line: line)
        }
        self.items = items
    }

    /// Names a key of this file for a message.
    package func origin(of name: String) -> String {
        Self.origin(path: path, line: items[name]?.line, name: name)
    }

    private static func origin(path: String, line: Int?, name: String) -> String {
        line.map { "\(path):\($0): \(name)" } ?? "\(path): \(name)"
    }

    /// Says that there is no such option, and which one may be meant.
    private static func unknownOption(_ name: String) -> String {
        let nearest = ServerOption.all.map { (name: $0.name, distance: EditDistance.between(name, $0.name)) }
            .min { $0.distance < $1.distance }
        if let nearest, nearest.distance <= 2 {
            return "is not an option; is '\(nearest.name)' meant?"
        }
        return "is not an option; see 'strata help serve' for those there are"
    }

    /// Turns the parser's error into one line with the place.
    private static func syntaxError(_ error: YamlError, path: String) -> ConfigurationError {
        // JSON is read as the YAML it is.
        let language = path.lowercased().hasSuffix(".json") ? "JSON" : "YAML"
        return switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            ConfigurationError(
                origin: "\(path):\(mark.line)", reason: "is not \(language): \(problem) (column \(mark.column))")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ConfigurationError(
                origin: "\(path):\(context.mark.line)",
                reason: "the option is given twice: \(duplicates.joined(separator: ", "))")
        default:
            ConfigurationError(origin: path, reason: "is not \(language): \(error)")
        }
    }
}
