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
        let findings = RuleRunner.run(RuleSelection(only: RuleSet.all.map(\.id)), on: Project(text: text, path: path))
            .findings
        let fixes = try Fixes(findings)
        for change in fixes.changes { try change.apply() }
        return (
            String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self),
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

    @Test func keepsTheLineEndsAndTabsOfTheFile() throws {
        let text =
            "func index(_ users: [User]) -> [String: User] {\r\n\tvar byName: [String: User] = [:]\r\n\tfor user in users {\r\n"
            + "\t\tbyName[user.name] = user\r\n\t}\r\n\treturn byName\r\n}\r\n"
        let result = try fixed(text)
        let reserved = text.replacing("\tfor", with: "\tbyName.reserveCapacity(users.count)\r\n\tfor")
        #expect(Array(result.text.utf8) == Array(reserved.utf8))
        #expect(result.diff.contains("@@ -1,4 +1,5 @@\n"))
        #expect(!result.diff.contains("\r"))
    }

    @Test func keepsAByteOrderMark() throws {
        let text =
            "\u{FEFF}func add(_ name: String) {\n    var counts: [String: Int] = [:]\n    counts[name] = (counts[name] ?? 0) + 1\n}\n"
        let result = try fixed(text)
        #expect(Array(result.text.utf8.prefix(3)) == [0xEF, 0xBB, 0xBF])
        #expect(result.text.contains("    counts[name, default: 0] += 1\n}"))
    }

    @Test func leavesAFileAlone_whenItChangedInTheMeantime() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("advisor-\(UUID()).swift").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text =
            "func add(_ name: String) {\n    var counts: [String: Int] = [:]\n    counts[name] = (counts[name] ?? 0) + 1\n}\n"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let fixes = try Fixes(RuleRunner.run(RuleSelection(), on: Project(text: text, path: path)).findings)
        try "// changed\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: Fixes.Stale.self) { try fixes.changes[0].apply() }
        let after = try String(contentsOfFile: path, encoding: .utf8)
        #expect(after == "// changed\n")
    }

    @Test func writesThroughALink_andKeepsThePermissions() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("advisor-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("real.swift").path
        let link = folder.appendingPathComponent("link.swift").path
        let text =
            "func add(_ name: String) {\n    var counts: [String: Int] = [:]\n    counts[name] = (counts[name] ?? 0) + 1\n}\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "real.swift")
        let fixes = try Fixes(RuleRunner.run(RuleSelection(), on: Project(text: text, path: link)).findings)
        try fixes.changes[0].apply()
        let after = try String(contentsOfFile: file, encoding: .utf8)
        #expect(after.contains("default: 0] += 1"))
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
        let target = try FileManager.default.destinationOfSymbolicLink(atPath: link)
        #expect(target == "real.swift")
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
