import Foundation

@testable import StrataProbe

/// Programs that the tests compile and watch.
enum Fixture {
    /// How a program is compiled and linked with the Swift runtime.
    enum Linking: String, CaseIterable {
        case dynamic = "-O"
        case unoptimized = "-Onone"
        case staticRuntime = "-O -static-stdlib"
        case staticExecutable = "-O -static-executable"
        case library = "-O -emit-library"
        case withoutSwift = ""
    }

    /// One compilation per way of linking, for all tests.
    private static let compiled = Compiled()

    /// The path of a program, compiled at its first use.
    static func program(_ name: String, _ linking: Linking = .dynamic) throws -> String {
        try compiled.path(name, linking)
    }

    /// The path of the program `growing`.
    static func growing(_ linking: Linking = .dynamic) throws -> String { try program("growing", linking) }

    /// A directory for the files of one test, removed by the system when it likes.
    static func directory() throws -> String {
        let path = NSTemporaryDirectory() + "/strata-probe-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// What a growth is to a test: type, old and new capacity.
    struct Growth: Hashable, CustomStringConvertible {
        var type: String
        var old: Int
        var new: Int
        var description: String { "\(type) \(old) \(new)" }
    }

    /// The growths that the program says it had, with how often.
    static func growths(in output: String) -> [Growth: Int] {
        var counts: [Growth: Int] = [:]
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 3, let old = Int(words[words.count - 2]), let new = Int(words[words.count - 1]) else {
                continue
            }
            counts[Growth(type: words.dropLast(2).joined(separator: " "), old: old, new: new), default: 0] += 1
        }
        return counts
    }

    /// The growths in a report that are of types that the program counts.
    static func growths(in report: AllocationReport) -> [Growth: Int] {
        let types: Set = [
            "[Int: growing.Point]", "[growing.Point: growing.Box]", "[String: growing.Wide]", "Set<UInt16>",
            "[growing.Point]",
        ]
        var counts: [Growth: Int] = [:]
        for type in report.growths where types.contains(type.type) {
            for step in type.growths {
                counts[Growth(type: type.type, old: step.oldCapacity, new: step.newCapacity), default: 0] += step.count
            }
        }
        return counts
    }

    private final class Compiled: @unchecked Sendable {
        // Touched under the lock only.
        private var paths: [String: String] = [:]
        private let lock = NSLock()

        func path(_ name: String, _ linking: Linking) throws -> String {
            lock.lock()
            defer { lock.unlock() }
            if let path = paths[name + linking.rawValue] {
                return path
            }
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures"
            let output = try Fixture.directory() + "/" + name
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            let flags = linking.rawValue.split(separator: " ").map(String.init)
            process.arguments =
                linking == .withoutSwift
                ? ["clang", "\(folder)/\(name).c", "-o", output]
                : ["swiftc", "\(folder)/\(name).swift", "-module-name", name, "-o", output] + flags
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw WatchError("\(name) doesn't compile with '\(linking.rawValue)'")
            }
            paths[name + linking.rawValue] = output
            return output
        }
    }
}
