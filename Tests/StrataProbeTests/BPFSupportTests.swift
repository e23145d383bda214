import Foundation
import Testing

@testable import StrataProbe

@Suite struct BPFSupportTests {
    private let root: String

    init() throws {
        root = try Fixture.directory() + "/"
    }

    private func write(_ path: String, _ text: String) throws {
        let file = root + path
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: true, encoding: .utf8)
    }

    private func whole() throws {
        try write("proc/self/status", "Name:\tx\nCapEff:\t000001ffffffffff\n")
        try write("sys/kernel/tracing/available_events", "")
        try write("sys/kernel/tracing/uprobe_events", "")
        try write("proc/sys/net/core/bpf_jit_enable", "1")
        try write("bin/bpftrace", "")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: root + "bin/bpftrace")
    }

    private func check() -> BPFSupport { BPFSupport.check(root: root, isRoot: true, path: root + "bin") }

    @Test func isUsable_whenEverythingIsThere() throws {
        try whole()
        #expect(check().isUsable, "\(check().text)")
    }

    @Test(arguments: [
        ("proc/self/status", "CapEff:\t0000000000000000", "privileges"),
        ("sys/kernel/security/lockdown", "none integrity [confidentiality]", "lockdown"),
    ])
    func namesWhatIsInTheWay(path: String, text: String, name: String) throws {
        try whole()
        try write(path, text)
        #expect(check().requirements.filter { !$0.isMet }.map(\.name) == [name])
        #expect(check().text.contains("can't watch programs here"))
    }

    @Test(arguments: [("sys", ["tracefs", "uprobes"]), ("bin", ["bpftrace"]), ("proc/sys", ["BPF"])])
    func namesWhatIsMissing(path: String, names: [String]) throws {
        try whole()
        try FileManager.default.removeItem(atPath: root + path)
        #expect(check().requirements.filter { !$0.isMet }.map(\.name) == names)
    }

    @Test func knowsTheCapabilitiesThatSuffice() throws {
        try whole()
        try write("proc/self/status", "CapEff:\t000000c000000000\n")
        #expect(check().isUsable)
    }

    /// Where bpftrace can be run at all, it takes our scripts.
    ///
    /// One of them had a text that was too long.
    @Test(
        .enabled(if: BPFSupport.ofThisHost().isUsable, "bpftrace can't be run here"),
        arguments: ["swift-allocations.bt", "swift-dictionary-growth.bt"])
    func scriptsAreTaken(name: String) throws {
        // What holds the runtime's functions, in this very process.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/maps"))
        let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        let line = maps.split(separator: "\n").first { $0.contains("/libswiftCore.so") }
        let runtime = String(try #require(line?.split(separator: " ").last { $0.contains("/") }, "\(maps.count)"))
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Observability/bpftrace/\(name)").standardizedFileURL.path
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bpftrace", "-d", script, runtime, "1"]
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }
}
