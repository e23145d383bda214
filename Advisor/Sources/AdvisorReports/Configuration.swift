public import AdvisorCore
public import AdvisorRules
import Yams

/// The settings of `.strata-advise.yml`.
///
/// ```yaml
/// rules:
///   locked-dictionary: on
///   reserve-capacity: off
///   unbounded-cache: error
/// exclude:
///   - Sources/Vendored
/// fail-on: warning
/// include-tests: false
/// include-examples: false
/// ```
public struct Configuration: Sendable, Equatable {
    /// Rules that are turned on or off.
    public var rules: [String: Bool] = [:]
    /// Severities that differ from the rules' own.
    ///
    /// A rule with a severity is on.
    public var severities: [String: Severity] = [:]
    /// Patterns of paths that are left out.
    public var excluded: [String] = []
    /// The least severity that makes the exit status 1.
    public var failOn: Severity?
    /// Whether tests are read.
    public var includesTests: Bool?
    /// Whether examples and benchmarks are read.
    public var includesExamples: Bool?

    /// The name of the file.
    public static let fileName = ".strata-advise.yml"

    /// What is wrong with a configuration, and where.
    public struct Invalid: Error, CustomStringConvertible {
        /// The file, the line and what is wrong with it.
        public let description: String
    }

    /// The defaults.
    public init() {}

    /// Reads a configuration's text.
    ///
    /// - Throws: ``Invalid`` with the line, for text that isn't YAML, keys and rules that don't exist, and values of the wrong kind.
    public init(yaml: String, path: String) throws {
        let node: Node?
        do { node = try compose(yaml: yaml) } catch {
            switch error as? YamlError {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                throw Invalid(description: "\(path):\(mark.line): this isn't YAML: \(problem)")
            case .duplicatedKeysInMapping(let keys, let context):
                let names = keys.map { "'\($0)'" }.sorted().joined(separator: ", ")
                throw Invalid(description: "\(path):\(context.mark.line): \(names) is set more than once")
            default: throw Invalid(description: "\(path): this isn't YAML: \(error)")
            }
        }
        guard let node else { return }
        if case .scalar(let scalar) = node, scalar.string.isEmpty { return }
        guard case .mapping(let mapping) = node else {
            throw Self.invalid(path, node, "the file must be a mapping of settings")
        }
        for (key, value) in mapping {
            switch key.string {
            case "rules": try readRules(value, path: path)
            case "exclude":
                guard case .sequence(let items) = value else {
                    throw Self.invalid(path, value, "'exclude' must be a list of paths")
                }
                excluded = try items.map { item in
                    guard let text = item.string else {
                        throw Self.invalid(path, item, "'exclude' must be a list of paths")
                    }
                    return text
                }
            case "fail-on":
                guard let text = value.string, let severity = Severity(rawValue: text) else {
                    throw Self.invalid(path, value, "'fail-on' must be note, warning or error")
                }
                failOn = severity
            case "include-tests": includesTests = try Self.flag(value, "include-tests", path)
            case "include-examples": includesExamples = try Self.flag(value, "include-examples", path)
            default:
                throw Self.invalid(
                    path, key,
                    "there is no setting '\(key.string ?? "")' (there are: rules, exclude, fail-on, include-tests, include-examples)"
                )
            }
        }
    }

    private mutating func readRules(_ node: Node, path: String) throws {
        guard case .mapping(let mapping) = node else {
            throw Self.invalid(path, node, "'rules' must be a mapping of rules to on, off or a severity")
        }
        for (key, value) in mapping {
            guard let id = key.string, RuleSet.rule(named: id) != nil else {
                throw Self.invalid(
                    path, key, "there is no rule '\(key.string ?? "")' ('strata-advise rules' lists them)")
            }
            switch value.string {
            case "on", "true": rules[id] = true
            case "off", "false": rules[id] = false
            default:
                guard let text = value.string, let severity = Severity(rawValue: text) else {
                    throw Self.invalid(path, value, "'\(id)' must be on, off, note, warning or error")
                }
                rules[id] = true
                severities[id] = severity
            }
        }
    }

    private static func flag(_ node: Node, _ key: String, _ path: String) throws -> Bool {
        switch node.string {
        case "true", "on", "yes": return true
        case "false", "off", "no": return false
        default: throw invalid(path, node, "'\(key)' must be true or false")
        }
    }

    private static func invalid(_ path: String, _ node: Node, _ problem: String) -> Invalid {
        Invalid(description: "\(path):\(node.mark?.line ?? 1): \(problem)")
    }

    /// The rules that run with this configuration.
    public var selection: RuleSelection {
        var selection = RuleSelection()
        for (id, isOn) in rules {
            if isOn { selection.enabled.insert(id) } else { selection.enabled.remove(id) }
            // A severity alone doesn't ask for more than the rule says by itself.
            let isAsked = severities[id] == nil || RuleSet.rule(named: id)?.isOnByDefault == false
            if isOn, isAsked { selection.asked.insert(id) }
        }
        selection.severities = severities
        return selection
    }
}
