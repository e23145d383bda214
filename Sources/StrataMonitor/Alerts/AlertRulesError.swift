/// Why alert rules can't be made.
public enum AlertRulesError: Error, Equatable, CustomStringConvertible {
    /// `--threshold` isn't of the form name=value.
    case thresholdIsNoPair(String)
    /// `--threshold` names something that there isn't.
    case unknownThreshold(String)
    /// The value of `--threshold` isn't a number in its range.
    case thresholdIsOutOfRange(name: String, value: String, range: ClosedRange<Double>)
    /// The critical threshold would be reached before the warning one.
    case criticalComesFirst(key: String, warning: Double, critical: Double)
    /// `--windows` names something that there isn't.
    case unknownWindows(String)

    /// What is wrong, naming the option.
    public var description: String {
        switch self {
        case .thresholdIsNoPair(let text): "--threshold: '\(text)' is not of the form name=value"
        case .unknownThreshold(let name):
            "--threshold: there is no '\(name)'; there are \(AlertRules.thresholdNames.joined(separator: ", "))"
        case .thresholdIsOutOfRange(let name, let value, let range):
            "--threshold: \(name) must be a number from \(AlertRules.text(range.lowerBound)) to "
                + "\(AlertRules.text(range.upperBound)), not '\(value)'"
        case .criticalComesFirst(let key, let warning, let critical):
            "--threshold: \(key)-critical (\(AlertRules.text(critical))) would be reached before \(key)-warning "
                + "(\(AlertRules.text(warning)))"
        case .unknownWindows(let name):
            "--windows: there is no '\(name)'; there are \(AlertWindows.allCases.map(\.rawValue).joined(separator: ", "))"
        }
    }
}
