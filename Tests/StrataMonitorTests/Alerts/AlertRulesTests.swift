import StrataMonitor
import Testing

@Suite struct AlertRulesTests {
    @Test func comeInPairs() throws {
        let text = try AlertRules().text
        let names = text.split(separator: "\n").filter { $0.contains("- alert: ") }.map {
            $0.split(separator: " ").last
        }
        #expect(names.count == AlertRules.thresholdNames.count)
        for index in stride(from: 0, to: names.count, by: 2) { #expect(names[index] == names[index + 1]) }
        #expect(text.split(separator: "\n").count { $0.hasSuffix("severity: warning") } == names.count / 2)
        #expect(text.split(separator: "\n").count { $0.hasSuffix("severity: critical") } == names.count / 2)
    }

    @Test func takeThresholds() throws {
        let text = try AlertRules(thresholds: ["hit-ratio-warning=0.9", "hit-ratio-critical=0.85"]).text
        #expect(text.contains("cache:hit_ratio < 0.9 and"))
        #expect(text.contains("cache:hit_ratio < 0.85 and"))
        #expect(!text.contains("cache:hit_ratio < 0.7 and"))
    }

    @Test func lookAtSeconds_whenWindowsAreShort() throws {
        let text = try AlertRules(windows: "short").text
        #expect(text.contains("[15s]"))
        #expect(!text.contains("[5m]"))
        #expect(!text.contains("WINDOW") && !text.contains("LEVEL"))
    }

    @Test func knowEveryThreshold() throws {
        for name in AlertRules.thresholdNames {
            let pairs = [name.replacing("critical", with: "warning"), name.replacing("warning", with: "critical")]
            _ = try AlertRules(thresholds: pairs.map { "\($0)=1" })
        }
    }

    @Test(arguments: [
        (["hit-ratio-warning"], AlertRulesError.thresholdIsNoPair("hit-ratio-warning")),
        (["hits=1"], .unknownThreshold("hits")),
        (["memory-warning=2"], .thresholdIsOutOfRange(name: "memory-warning", value: "2", range: 0...1)),
        (["memory-warning=x"], .thresholdIsOutOfRange(name: "memory-warning", value: "x", range: 0...1)),
        (["memory-warning=nan"], .thresholdIsOutOfRange(name: "memory-warning", value: "nan", range: 0...1)),
        (["memory-warning=0.99"], .criticalComesFirst(key: "memory", warning: 0.99, critical: 0.95)),
        (["hit-ratio-critical=0.8"], .criticalComesFirst(key: "hit-ratio", warning: 0.7, critical: 0.8)),
    ])
    func refuseBadThresholds(thresholds: [String], error: AlertRulesError) {
        #expect(throws: error) { try AlertRules(thresholds: thresholds) }
        #expect("\(error)".hasPrefix("--threshold: "))
    }

    @Test func refuseUnknownWindows() {
        #expect(throws: AlertRulesError.unknownWindows("long")) { try AlertRules(windows: "long") }
    }
}
