import AdvisorCore
import AdvisorRules
import Foundation
import Testing

/// Which files are read, and that all of them can be.
@Suite struct DiscoveryTests {
    private func withPackage(_ files: [String], _ body: (String) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("advisor-package-\(UUID())")
        defer { try? FileManager.default.removeItem(at: root) }
        for file in files {
            let url = root.appendingPathComponent(file)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("let x = 1\n".utf8).write(to: url)
        }
        try body(root.path)
    }

    private static let files = [
        "Package.swift", "Sources/A/A.swift", "Sources/A/A.pb.swift", "Sources/Generated/G.swift",
        "Sources/B/Legacy1.swift",
        "Tests/ATests/ATests.swift", ".build/checkouts/C/C.swift", "Examples/E/E.swift", "Sources/A/Notes.md",
    ]

    private func names(_ path: String, _ options: SourceDiscovery.Options) throws -> [String] {
        try SourceDiscovery.groups(under: [path], options: options).flatMap(\.files).map {
            ($0 as NSString).lastPathComponent
        }.sorted()
    }

    @Test func readsSourcesOnly_whenNothingElseIsAskedFor() throws {
        try withPackage(Self.files) { root in
            let found = try names(root, .init())
            #expect(found == ["A.swift", "Legacy1.swift"])
        }
    }

    @Test func readsTestsAndExamples_whenAskedFor() throws {
        try withPackage(Self.files) { root in
            var options = SourceDiscovery.Options()
            options.includesTests = true
            options.includesExamples = true
            let found = try names(root, options)
            #expect(found == ["A.swift", "ATests.swift", "E.swift", "Legacy1.swift"])
        }
    }

    @Test(arguments: ["Sources/B", "Legacy*", "**/Legacy1.swift", "B/"])
    func leavesOutWhatIsExcluded(pattern: String) throws {
        try withPackage(Self.files) { root in
            var options = SourceDiscovery.Options()
            options.excluded = [pattern]
            let found = try names(root, options)
            #expect(found == ["A.swift"])
        }
    }

    @Test func readsAFileThatIsNamed() throws {
        try withPackage(Self.files) { root in
            let found = try names(root + "/Sources/A/A.pb.swift", .init())
            #expect(found == ["A.pb.swift"])
        }
    }

    @Test func groupsByPackage() throws {
        try withPackage(["One/Package.swift", "One/Sources/A.swift", "Two/Package.swift", "Two/Sources/B.swift"]) {
            root in
            let roots = try SourceDiscovery.groups(under: [root]).map { ($0.root as NSString).lastPathComponent }
            #expect(roots == ["One", "Two"])
        }
    }

    @Test func complains_whenAPathIsMissing() {
        #expect(throws: SourceDiscovery.MissingPath.self) { try SourceDiscovery.groups(under: ["/there/is/nothing"]) }
    }

    /// All rules over the sources of the advisor's own dependencies, a seeded part of the largest.
    @Test func readsItsDependencies() throws {
        guard FileManager.default.fileExists(atPath: TestFiles.checkouts) else {
            print("skipped: no checkouts at \(TestFiles.checkouts)")
            return
        }
        var generator = SeededGenerator(seed: 6)
        for group in try SourceDiscovery.groups(under: [TestFiles.checkouts]) {
            let part = group.files.count > 12 ? Array(group.files.shuffled(using: &generator).prefix(12)) : group.files
            let project = Project.load(SourceDiscovery.Group(root: group.root, files: part))
            let result = RuleRunner.run(RuleSelection(only: RuleSet.all.map(\.id)), on: project)
            #expect(project.files.count <= part.count)
            for finding in result.findings {
                #expect(
                    finding.line >= 1 && finding.column >= 1 && finding.length >= 1, "\(finding.path):\(finding.line)")
            }
        }
    }

    /// A chain of operators makes a tree as deep as it is long.
    @Test func readsLongChainsOfOperators() {
        let text = "let sum = " + (0..<4_000).map(String.init).joined(separator: " + ") + "\n"
        let projects = WorkerThreads.map(count: 1) { _ in Project(text: text) }
        #expect(projects[0].index.globals["sum"]?.count == 1)
    }
}
