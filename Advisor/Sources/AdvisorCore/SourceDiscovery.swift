import Foundation

/// Finds the Swift files under the paths that are named on the command line.
public struct SourceDiscovery: Sendable {
    /// What is looked at besides a package's sources.
    public struct Options: Sendable {
        /// Whether files under `Tests` folders are read.
        public var includesTests = false
        /// Whether files under `Benchmarks`, `Examples`, `Snippets`, `Fixtures`, `IntegrationTests` and `Plugins` folders are read.
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
        /// Those of the paths that the user named, and not a folder around them.
        public let named: Set<String>
        /// Folders that can't be looked into.
        public let skipped: [SkippedFile]

        /// Names files of a package.
        public init(root: String, files: [String], named: Set<String> = [], skipped: [SkippedFile] = []) {
            self.root = root
            self.files = files
            self.named = named
            self.skipped = skipped
        }
    }

    /// More files than one run can keep in memory, about a hundred kilobytes each.
    public struct TooManyFiles: Error, CustomStringConvertible {
        /// The path.
        public let path: String
        /// What to tell the user.
        public var description: String {
            "there are more than \(maximumFiles) Swift files under '\(path)'; name a folder within it, or leave some out with --exclude"
        }
    }

    /// The most files of a run.
    static let maximumFiles = 100_000

    private static let exampleFolders: Set<String> = [
        "benchmarks", "benchmark", "examples", "example", "snippets", "integrationtests", "plugins", "playground",
        "fuzzing", "fixtures",
    ]

    /// Finds files and groups them by the nearest folder above that has a `Package.swift`.
    ///
    /// Skipped: folders whose names begin with a dot or that hold generated code, checkouts, build products, tests and examples
    /// (unless the options want them), and files that generators write (`.pb.swift`, `.grpc.swift`, `.generated.swift`).
    /// A file that is named itself is always read.
    ///
    /// - Throws: ``MissingPath`` or ``TooManyFiles``.
    public static func groups(under paths: [String], options: Options = Options()) throws -> [Group] {
        var files: [String: [String]] = [:]
        var roots: [String: String] = [:]
        var seen: Set<String> = []
        var named: Set<String> = []
        var skipped: [String: [SkippedFile]] = [:]
        for path in paths {
            let url = URL(fileURLWithPath: path).standardizedFileURL
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
                throw MissingPath(path: path)
            }
            var found = Found()
            if isDirectory.boolValue {
                try walk(url.path, base: url.path, options: options, into: &found)
            } else {
                found.files = [url.path]
                named.insert(url.path)
            }
            if !found.skipped.isEmpty { skipped[url.path] = found.skipped }
            for file in found.files where seen.insert(file).inserted {
                let folder = (file as NSString).deletingLastPathComponent
                let root = packageRoot(of: folder, known: &roots) ?? (isDirectory.boolValue ? url.path : folder)
                files[root, default: []].append(file)
            }
        }
        guard seen.count <= maximumFiles else { throw TooManyFiles(path: paths.joined(separator: "', '")) }
        var groups = files.map { Group(root: $0.key, files: $0.value.sorted(), named: named.intersection($0.value)) }
        groups += skipped.map { Group(root: $0.key, files: [], skipped: $0.value) }
        return groups.sorted { $0.root < $1.root }
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

    /// What a walk found.
    private struct Found {
        var files: [String] = []
        var skipped: [SkippedFile] = []
    }

    private static func walk(_ folder: String, base: String, options: Options, into found: inout Found) throws {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            found.skipped.append(SkippedFile(path: folder, reason: .unreadable(error.localizedDescription)))
            return
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = (folder == "/" ? "" : folder) + "/" + name
            let relative = path.relative(to: base)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { continue }
            if options.excluded.contains(where: { PathPattern.matches($0, relative) }) { continue }
            if isDirectory.boolValue {
                let lower = name.lowercased()
                if lower == "generated" || lower == "node_modules" || lower == "build" || name.hasSuffix(".docc") {
                    continue
                }
                if !options.includesTests, lower == "tests" || lower == "test" || name.hasSuffix("Tests") { continue }
                if !options.includesExamples, exampleFolders.contains(lower) { continue }
                // A symbolic link may lead back up.
                if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil { continue }
                try walk(path, base: base, options: options, into: &found)
            } else if name.hasSuffix(".swift"), !isGenerated(name), name != "Package.swift", !name.hasPrefix("Package@")
            {
                found.files.append(path)
                guard found.files.count <= maximumFiles else { throw TooManyFiles(path: base) }
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

    /// Goes through the path once, with the set of the places in the pattern that could be reached: no pattern makes it slow.
    private static func match(_ pattern: ArraySlice<Character>, _ path: ArraySlice<Character>) -> Bool {
        var reached = closure([pattern.startIndex], pattern)
        for character in path {
            if character == "/", reached.contains(pattern.endIndex) { return true }
            var next: Set<Int> = []
            for place in reached where place < pattern.endIndex {
                if pattern[place] == "*" {
                    if character != "/" || crosses(place, pattern) { next.insert(place) }
                } else if pattern[place] == character {
                    next.insert(place + 1)
                }
            }
            reached = closure(next, pattern)
            if reached.isEmpty { return false }
        }
        return reached.contains(pattern.endIndex)
    }

    /// Whether the star at a place is one of two.
    private static func crosses(_ place: Int, _ pattern: ArraySlice<Character>) -> Bool {
        place + 1 < pattern.endIndex && pattern[place + 1] == "*"
    }

    /// The places, and those after stars, which may stand for nothing.
    private static func closure(_ places: Set<Int>, _ pattern: ArraySlice<Character>) -> Set<Int> {
        var result = places
        for var place in places {
            while place < pattern.endIndex, pattern[place] == "*" {
                place += crosses(place, pattern) ? 2 : 1
                result.insert(place)
            }
        }
        return result
    }
}

extension String {
    /// The path below a folder, or the whole path if it isn't below.
    ///
    /// By bytes, because one character may stand for several.
    public func relative(to folder: String) -> String {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        guard utf8.starts(with: prefix.utf8) else { return self }
        return String(decoding: utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}
