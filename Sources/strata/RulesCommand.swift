import ArgumentParser
import StrataMonitor

/// `strata rules`.
struct RulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "Print alert rules for Prometheus.",
        discussion: """
            Rules come in pairs, a warning and a critical one, with thresholds that can be chosen: \
            \(AlertRules.thresholdNames.joined(separator: ", ")).

            Ratios are from 0 to 1, times are seconds.

            Examples:

              strata rules > strata.rules.yml
              strata rules --threshold hit-ratio-warning=0.9 --threshold hit-ratio-critical=0.8
            """)

    @Option(help: ArgumentHelp("A threshold; may be given several times.", valueName: "name=value"))
    var threshold: [String] = []
    @Option(
        help: ArgumentHelp(
            "Over how much time to look: usual (minutes) or short (seconds, for trying out).", valueName: "name"))
    var windows = AlertWindows.usual.rawValue

    func validate() throws {
        do {
            _ = try AlertRules(thresholds: threshold, windows: windows)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() throws {
        try Results.print(AlertRules(thresholds: threshold, windows: windows).text)
    }
}
