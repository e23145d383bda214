import AdvisorCore
import AdvisorReports
import AdvisorRules
import Foundation
import Testing

/// Input that nobody wrote by hand, or that somebody wrote to do harm: no crash, no hang, and nothing but text on the terminal.
@Suite struct HostileInputTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("advisor-hostile-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func load(_ path: String) throws -> [Project] {
        try SourceDiscovery.groups(under: [path]).map { Project.load($0) }
    }

    private static let deep: [(name: String, text: String)] = [
        ("members", "let x = a" + String(repeating: ".b", count: 50_000)),
        ("calls", "let x = a" + String(repeating: "()", count: 50_000)),
        ("operators", "let x = a" + String(repeating: " + a", count: 50_000)),
        ("conditionals", "let x = " + String(repeating: "a ? b : ", count: 10_000) + "c"),
        ("optionals", "let x: Int" + String(repeating: "?", count: 50_000)),
        ("else", "func f() {" + String(repeating: "if a { } else ", count: 9_000) + "{ } }"),
        ("arrays", "let x = " + String(repeating: "[", count: 10_000)),
        ("types", "let x: " + String(repeating: "[ (", count: 10_000)),
        ("arguments", "let x = " + String(repeating: "A.B<", count: 10_000)),
    ]

    @Test(arguments: deep.indices)
    func isLeftOut_whenItIsTooDeep(index: Int) throws {
        try withFolder { folder in
            try Data(Self.deep[index].text.utf8).write(to: URL(fileURLWithPath: folder + "/deep.swift"))
            let projects = try load(folder)
            #expect(projects.map(\.skipped.count) == [1], "\(Self.deep[index].name)")
            _ = RuleRunner.run(RuleSelection(only: RuleSet.all.map(\.id)), on: projects[0])
        }
    }

    @Test(arguments: ["(", "{", "-", "try ", "\\\"\\\\(", "if a {", "struct A {", "A<", "#if A\n"])
    func isRead_whenOpenersRepeat(opener: String) {
        let projects = WorkerThreads.map(count: 1) { _ in
            Project(text: "let x = " + String(repeating: opener, count: 300) + "\n")
        }
        _ = RuleRunner.run(RuleSelection(only: RuleSet.all.map(\.id)), on: projects[0])
    }

    @Test func isRead_whenVariablesAreSetFromEachOther() {
        let text = """
            let a = b
            let b = a
            struct S { static var x = S.y; static var y = S.x; var p = q; var q = p }
            typealias A = B
            typealias B = A
            class P: Q {}
            class Q: P { func z() { nope[1] = 2 } }
            func f(_ g: A) {
                var d: [Int: Int] = [:]
                for i in a { d[i] = 1 }
                for i in S.x { d[i] = 1 }
                for i in g { d[i] = 1 }
            }
            """
        _ = RuleRunner.run(RuleSelection(only: RuleSet.all.map(\.id)), on: Project(text: text))
    }

    @Test func isNotSearched_whenABodyHasThousandsOfStatements() {
        let lines = (0..<3_000).map { "    counts[\"k\\($0)\"] = (counts[\"k\\($0)\"] ?? 0) + \($0)" }
        let text = "func f() {\n    var counts: [String: Int] = [:]\n" + lines.joined(separator: "\n") + "\n}\n"
        let result = RuleRunner.run(RuleSelection(only: RuleSet.all.map(\.id)), on: Project(text: text))
        #expect(result.findings.isEmpty)
    }

    @Test func saysWhatIsNotRead() throws {
        try withFolder { folder in
            try Data([0x6C, 0xE9]).write(to: URL(fileURLWithPath: folder + "/latin.swift"))
            try Data(count: 9 << 20).write(to: URL(fileURLWithPath: folder + "/large.swift"))
            try FileManager.default.createSymbolicLink(atPath: folder + "/zero.swift", withDestinationPath: "/dev/zero")
            try FileManager.default.createSymbolicLink(atPath: folder + "/gone.swift", withDestinationPath: "nowhere")
            try FileManager.default.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: "..")
            #expect(mkfifo(folder + "/pipe.swift", 0o600) == 0)
            let projects = try load(folder)
            let skipped = projects.flatMap(\.skipped).map { ($0.path.relative(to: folder), $0.reason.description) }
            #expect(skipped.map(\.0) == ["large.swift", "latin.swift", "pipe.swift", "zero.swift"])
            #expect(
                skipped.map(\.1) == ["has more than 8 MB", "isn't text in UTF-8", "isn't a file", "isn't a file"])
            let report = Report(
                findings: [], fileCount: 0, lineCount: 0, packageCount: 1, suppressedCount: 0,
                skipped: projects.flatMap(\.skipped), seconds: 0, base: folder)
            let text = try ReportFormat.text.render(report, usesColour: false)
            #expect(text.contains("Not read: 4 files.\n    large.swift has more than 8 MB\n"))
            #expect(text.contains("There is no Swift source to read"))
        }
    }

    @Test func readsAGeneratedFile_whenItIsNamed() throws {
        try withFolder { folder in
            let path = folder + "/A.swift"
            try Data("// Generated. Do not edit.\nlet x = 1\n".utf8).write(to: URL(fileURLWithPath: path))
            let found = try load(folder).flatMap(\.files).count
            let named = try load(path).flatMap(\.files).count
            #expect((found, named) == (0, 1))
        }
    }

    @Test func silencesInFilesWithCarriageReturns() {
        let text =
            "func add(_ name: String) {\r\n    var c: [String: Int] = [:]\r\n    // strata:ignore repeated-lookup few\r\n"
            + "    c[name] = (c[name] ?? 0) + 1\r\n}\r\n"
        let result = RuleRunner.run(RuleSelection(), on: Project(text: text))
        #expect(result.findings.isEmpty)
        #expect(result.suppressedCount == 1)
    }

    private func hostileReport() -> Report {
        let text =
            "func add(_ n: String) {\n    var c: [String: Int] = [:]\n"
            + "    /*é\t*/ c[n] = (c[n] ?? 0) + 1 // \u{1B}[2J\u{7}\u{202E}\u{9B}\r\n}\n"
        let path = "/base/a\n::error file=x::b\u{1B}[1m.swift"
        let findings = RuleRunner.run(RuleSelection(), on: Project(text: text, path: path)).findings
        return Report(
            findings: findings, fileCount: 1, lineCount: 4, packageCount: 1, suppressedCount: 0, seconds: 0,
            base: "/base")
    }

    @Test func showsNothingThatATerminalWouldObey() throws {
        let text = try ReportFormat.text.render(hostileReport(), usesColour: false)
        let active = text.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}"
        }
        #expect(active.isEmpty)
        #expect(text.contains("a\\u{A}::error file=x::b\\u{1B}[1m.swift:3:13: note: "))
        // The mark stands below what is meant, whatever is before it.
        let lines = text.split(separator: "\n").map(String.init)
        let source = try #require(lines.firstIndex { $0.hasPrefix(" 3 | ") })
        let place = try #require(lines[source].range(of: "c[n]"))
        let mark = try #require(lines[source + 1].firstIndex(of: "^"))
        #expect(
            lines[source].distance(from: lines[source].startIndex, to: place.lowerBound)
                == lines[source + 1].distance(from: lines[source + 1].startIndex, to: mark))
    }

    @Test func putsOneCommandOnOneLine() throws {
        let text = try ReportFormat.github.render(hostileReport(), usesColour: false)
        #expect(text.unicodeScalars.split(separator: "\n").count == 1)
        #expect(text.hasPrefix("::notice file=a%0A%3A%3Aerror file=x%3A%3Ab"))
        for format in [ReportFormat.json, .sarif] {
            let data = Data(try format.render(hostileReport(), usesColour: false).utf8)
            #expect((try? JSONSerialization.jsonObject(with: data)) != nil)
            #expect(!data.contains(0x1B))
        }
    }

    @Test func findsPathsBelowFoldersWithAccents() {
        #expect("/tmp/cafe\u{301}/Sources/A.swift".relative(to: "/tmp/cafe\u{301}") == "Sources/A.swift")
        #expect("/tmp/caf\u{E9}/Sources/A.swift".relative(to: "/tmp/caf\u{E9}") == "Sources/A.swift")
        #expect("/A.swift".relative(to: "/") == "A.swift")
        #expect("/other/A.swift".relative(to: "/tmp") == "/other/A.swift")
    }

    @Test func leavesOutQuickly_whenThePatternIsAllStars() throws {
        try withFolder { folder in
            let name = String(repeating: "a", count: 120) + ".swift"
            try Data("let x = 1\n".utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
            var options = SourceDiscovery.Options()
            options.excluded = [String(repeating: "*a", count: 60) + "**b"]
            let files = try SourceDiscovery.groups(under: [folder], options: options).flatMap(\.files)
            #expect(files.count == 1)
        }
    }
}
