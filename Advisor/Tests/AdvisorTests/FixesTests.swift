import AdvisorCore
import AdvisorReports
import AdvisorRules
import Foundation
import Testing

/// Fixes: what they change, how it is shown, and that nothing is left to fix.
@Suite struct FixesTests {
    private func fixed(_ text: String) throws -> (text: String, diff: String) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("advisor-\(UUID()).swift").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let findings = RuleRunner.run(RuleSelection(), on: Project(text: text, path: path)).findings
        let fixes = try Fixes(findings)
        for change in fixes.changes { try change.apply() }
        return (
            try String(contentsOfFile: path, encoding: .utf8),
            fixes.diff(base: FileManager.default.temporaryDirectory.path)
        )
    }

    @Test func reservesBeforeTheLoop() throws {
        let result = try fixed(
            """
            func index(_ users: [User]) -> [String: User] {
                var byName: [String: User] = [:]
                for user in users {
                    byName[user.name] = user
                }
                return byName
            }

            """)
        #expect(
            result.text == """
                func index(_ users: [User]) -> [String: User] {
                    var byName: [String: User] = [:]
                    byName.reserveCapacity(users.count)
                    for user in users {
                        byName[user.name] = user
                    }
                    return byName
                }

                """)
        #expect(result.diff.contains("@@ -1,4 +1,5 @@\n"))
        #expect(result.diff.contains("\n+    byName.reserveCapacity(users.count)\n"))
    }

    @Test func usesTheDefaultAndInsertsOnce() throws {
        let result = try fixed(
            """
            func walk(_ names: [String]) -> [String] {
                var counts: [String: Int] = [:]
                var seen: Set<String> = []
                var order: [String] = []
                for name in names {
                    counts[name] = (counts[name] ?? 0) + 1
                    if !seen.contains(name) {
                        seen.insert(name)
                        order.append(name)
                    }
                }
                return order
            }

            """)
        #expect(result.text.contains("        counts[name, default: 0] += 1\n"))
        #expect(result.text.contains("        if seen.insert(name).inserted {\n            order.append(name)\n"))
    }

    /// Fixing the whole corpus leaves text that has no fixable finding and parses as before.
    @Test func leaveNothingToFix() throws {
        for id in ["reserve-capacity", "repeated-lookup"] {
            for file in try TestFiles.swiftFiles(in: "Corpus/\(id)") {
                let text = try fixed(try String(contentsOfFile: file, encoding: .utf8)).text
                let again = RuleRunner.run(RuleSelection(only: [id]), on: Project(text: text)).findings
                #expect(again.allSatisfy { $0.edits.isEmpty }, "\(file)")
            }
        }
    }
}
