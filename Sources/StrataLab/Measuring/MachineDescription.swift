import Foundation

/// What something was measured on.
package struct MachineDescription: Codable, Hashable, Sendable {
    /// The processor's name.
    package var processor: String
    /// How many processors this process may use.
    package var processorCount: Int
    /// The memory in bytes.
    package var memory: UInt64
    /// The name of the system and its kernel.
    package var system: String
    /// The compiler's version.
    package var compiler: String
    /// The commit that the sources were at, with "+" if they had been changed since; empty if unknown.
    package var commit: String
    /// When, as year, month and day.
    package var date: String
    /// The load of the machine when it was described: processes that ran or wanted to, over the last minute.
    package var load: Double

    /// This machine at this moment.
    ///
    /// Starts `swift` and `git` to ask for their part; what isn't there stays unknown.
    package static func current() -> MachineDescription {
        let cpu = text("/proc/cpuinfo").split(separator: "\n")
        let model = cpu.first { $0.hasPrefix("model name") }?.split(separator: ":").last
        let release = text("/etc/os-release").split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
        let system = release.map { $0.dropFirst(12).replacingOccurrences(of: "\"", with: "") } ?? "Linux"
        let kernel = text("/proc/sys/kernel/osrelease").trimmingCharacters(in: .whitespacesAndNewlines)
        return MachineDescription(
            processor: model.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown",
            processorCount: PinnedThreads.processors.count,
            memory: ProcessInfo.processInfo.physicalMemory,
            system: "\(system), kernel \(kernel)",
            compiler: compilerVersion, commit: commitOfSources(),
            date: String(ISO8601DateFormatter().string(from: Date()).prefix(10)),
            load: text("/proc/loadavg").split(separator: " ").first.flatMap { Double($0) } ?? 0)
    }

    /// One line for people.
    package var line: String {
        let gigabytes = Double(memory) / Double(1 << 30)
        let at = commit.isEmpty ? "" : ", commit \(commit)"
        return "\(processor), \(processorCount) processors, \(Figures.fixed(gigabytes, 0)) GB; \(system); "
            + "\(compiler)\(at); \(date), load \(Figures.fixed(load, 1))"
    }

    private static var compilerVersion: String {
        let output = Subprocess.output(["swift", "--version"])
        if let range = output.range(of: #"Swift version \S+"#, options: .regularExpression) {
            return String(output[range])
        }
        #if compiler(>=6.3)
            return "Swift 6.3 or later"
        #else
            return "Swift 6.2"
        #endif
    }

    /// Looks for a repository from the executable's folder upwards: a build lies in the folder of its sources.
    private static func commitOfSources() -> String {
        let folder = URL(fileURLWithPath: Subprocess.ownPath).deletingLastPathComponent().path
        let commit = Subprocess.output(["git", "-C", folder, "rev-parse", "--short", "HEAD"])
            .trimmingCharacters(in: .whitespacesAndNewlines)
        guard !commit.isEmpty else { return "" }
        let changes = Subprocess.output(["git", "-C", folder, "status", "--porcelain", "--untracked-files=no"])
        return commit + (changes.isEmpty ? "" : "+")
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
