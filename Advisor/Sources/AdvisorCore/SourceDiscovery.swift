import Foundation

/// Finds the Swift files under the paths that are named on the command line.
public struct SourceDiscovery: Sendable {
    /// What is looked at besides a package's sources.
    public struct Options: Sendable {
        /// Whether files under `Tests` folders are read.
        public var includesTests = false
        /// Whether files under `Benchmarks`, `Examples`, `Snippets`, `IntegrationTests` and `Plugins` folders are read.
        public var includesExamples = false
        /// Parts of paths: a file whose path contains one, after the named path, is left out.
        ///
        /// `*` stands for anything but `/`, `**` for anything.
        public var excluded: [String] = []

        /// Sources only.
        public init() {}
    }

    /// A path isn't there.
    public struct MissingPath: Error, CustomStringConvertible {
        /// The path.
        public let path: String
        /// What to tell the user.
        public var description: String { "there is nothing at '\(path)'" }
    }

    /// The files of one package, or those that belong to none.
    public struct Group: Sendable {
        /// The package's folder, or the folder that was named.
        public let root: String
        /// Paths, sorted.
        public let files: [String]

        /// Names files of a package.
        public init(root: String, files: [String]) {
            self.root = root
            self.files = files
        }
    }

    private static let exampleFolders: Set<String> = [
        "Benchmarks", "Benchmark", "Examples", "Example", "Snippets", "IntegrationTests", "Plugins", "Playground",
        "Fuzzing",
    ]

    /// Finds files and groups them by the nearest folder above that has a `Package.swift`.
    ///
    /// Skipped: folders whose names begin with a dot or that hold generated code, checkouts, build products, tests and examples
    /// (unless the options want them), and files that generators write (`.pb.swift`, `.grpc.swift`, `.generated.swift`).
    /// A file that is named itself is always read.
    ///
    /// - Throws: ``MissingPath``.
    public static func groups(under paths: [String], options: Options = Options()) throws -> [Group] {
        var files: [String: [String]] = [:]
        var roots: [String: String] = [:]
        var seen: Set<String> = []
        for path in paths {
            let url = URL(fileURLWithPath: path).standardizedFileURL
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
                throw MissingPath(path: path)
            }
            var found: [String] = []
            if isDirectory.boolValue {
                walk(url.path, base: url.path, options: options, into: &found)
            } else {
                found = [url.path]
            }
            for file in found where seen.insert(file).inserted {
                let folder = (file as NSString).deletingLastPathComponent
                let root = packageRoot(of: folder, known: &roots) ?? (isDirectory.boolValue ? url.path : folder)
                files[root, default: []].append(file)
            }
        }
        return files.map { Group(root: $0.key, files: $0.value.sorted()) }.sorted { $0.root < $1.root }
    }

    private static func packageRoot(of folder: String, known: inout [String: String]) -> String? {
        if let root = known[folder] { return root.isEmpty ? nil : root }
        var result: String?
        if FileManager.default.fileExists(atPath: folder + "/Package.swift") {
            result = folder
        } else if folder.count > 1 {
            result = packageRoot(of: (folder as NSString).deletingLastPathComponent, known: &known)
        }
        known[folder] = result ?? ""
        return result
    }

    private static func walk(_ folder: String, base: String, options: Options, into files: inout [String]) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder + "/" + name
            let relative = String(path.dropFirst(base.utf8.count + 1))
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { continue }
            if options.excluded.contains(where: { PathPattern.matches($0, relative) }) { continue }
            if isDirectory.boolValue {
                let lower = name.lowercased()
                if lower == "generated" || lower == "node_modules" || lower == "build" || name.hasSuffix(".docc") {
                    continue
                }
                if !options.includesTests, lower == "tests" || name.hasSuffix("Tests") { continue }
                if !options.includesExamples, exampleFolders.contains(name) { continue }
                // A symbolic link may lead back up.
                if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil { continue }
                walk(path, base: base, options: options, into: &files)
            } else if name.hasSuffix(".swift"), !isGenerated(name), name != "Package.swift", !name.hasPrefix("Package@")
            {
                files.append(path)
            }
        }
    }

    private static func isGenerated(_ name: String) -> Bool {
        [".pb.swift", ".grpc.swift", ".generated.swift", "+Generated.swift"].contains { name.hasSuffix($0) }
    }
}

/// Patterns of the configuration's excluded paths.
enum PathPattern {
    /// Whether the path, or a part of it that begins after a `/`, fits.
    ///
    /// `*` stands for anything but `/`, `**` for anything.
    static func matches(_ pattern: String, _ path: String) -> Bool {
        let pattern = Array(pattern.hasSuffix("/") ? String(pattern.dropLast()) : pattern)
        let path = Array(path)
        var starts = [0]
        for (position, character) in path.enumerated() where character == "/" { starts.append(position + 1) }
        return starts.contains { match(pattern[...], path[$0...]) }
    }

    private static func match(_ pattern: ArraySlice<Character>, _ path: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return path.isEmpty || path.first == "/" }
        if first == "*" {
            let crosses = pattern.dropFirst().first == "*"
            let rest = pattern.dropFirst(crosses ? 2 : 1)
            var position = path.startIndex
            while true {
                if match(rest, path[position...]) { return true }
                guard position < path.endIndex, crosses || path[position] != "/" else { return false }
                position += 1
            }
        }
        return path.first == first && match(pattern.dropFirst(), path.dropFirst())
    }
}
