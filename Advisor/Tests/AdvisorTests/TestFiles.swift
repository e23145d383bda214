import Foundation

/// Files beside the tests.
enum TestFiles {
    /// The folder `Tests`.
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

    /// The path of something below `Tests`.
    static func path(_ name: String) -> String { root.appendingPathComponent(name).path }

    /// The path of something in the repository.
    static func repositoryPath(_ name: String) -> String {
        root.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// The checkouts of the advisor's own dependencies.
    static var checkouts: String { root.deletingLastPathComponent().appendingPathComponent(".build/checkouts").path }

    /// The Swift files of a folder below `Tests`, sorted.
    static func swiftFiles(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).filter { $0.hasSuffix(".swift") }.sorted()
            .map { path(folder) + "/" + $0 }
    }
}
