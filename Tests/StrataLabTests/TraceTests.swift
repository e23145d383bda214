import Foundation
import StrataLab
import Testing

@Suite struct TraceTests {
    @discardableResult
    private func withFile<Result>(_ name: String, _ bytes: some Collection<UInt8>, _ body: (String) throws -> Result)
        throws -> Result
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("strata-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(name)
        try Data(bytes).write(to: file)
        return try body(file.path)
    }

    /// 1, 2, 1 and 2^63 compressed with gzip.
    private let compressed: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x63, 0x64, 0x80, 0x00, 0x26, 0x28,
        0xCD, 0xC8, 0x80, 0x02, 0x1A, 0x00, 0xB9, 0x8E, 0x3B, 0x72, 0x20, 0x00, 0x00, 0x00,
    ]

    @Test func readsPlainKeys() throws {
        let bytes: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x80]
        let trace = try withFile("a.u64", bytes) { try Trace(path: $0) }
        #expect(trace.keys == [1, 0x8000_0000_0000_0100])
    }

    @Test func readsPipe_unlessItHasToBeReadAgain() throws {
        let bytes: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0x80]
        for (isReadOnce, content) in [(true, bytes), (true, compressed), (false, bytes)] {
            let pipe = Pipe()
            try pipe.fileHandleForWriting.write(contentsOf: Data(content))
            try pipe.fileHandleForWriting.close()
            let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
            if isReadOnce {
                #expect(try Trace(path: path).keys.count == (content == bytes ? 2 : 4))
            } else {
                #expect(throws: TraceError.self) { try Trace(path: path, isReadOnce: false) }
            }
        }
    }

    @Test func refusesDevice() {
        #expect(throws: TraceError.unreadable("/dev/zero", reason: "it is a device")) { try Trace(path: "/dev/zero") }
    }

    @Test func readsCompressedKeys() throws {
        let keys: [UInt64] = [1, 2, 1, 1 << 63]
        let plain = keys.flatMap { key in (0..<8).map { UInt8(truncatingIfNeeded: key >> (8 * $0)) } }
        let trace = try withFile("a.u64", plain) { path in
            let gzip = Process()
            gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            gzip.arguments = ["gzip", "-k", path]
            try gzip.run()
            gzip.waitUntilExit()
            return try Trace(path: path + ".gz")
        }
        #expect(trace.keys == keys)
        #expect(trace.distinctKeyCount(first: 4) == 3)
        #expect(trace.distinctKeyCount(first: 1) == 1)
    }

    @Test func throws_whenLengthIsNoWholeNumberOfKeys() throws {
        try withFile("a.u64", [1, 2, 3]) { path in
            #expect(throws: TraceError.oddLength(path, byteCount: 3)) { _ = try Trace(path: path) }
        }
    }

    @Test func throws_whenNamedCompressedButIsNot() throws {
        try withFile("a.u64.gz", [0, 0, 0, 0, 0, 0, 0, 0]) { path in
            #expect(throws: TraceError.notCompressed(path)) { _ = try Trace(path: path) }
        }
    }

    @Test func throws_whenCompressedDataIsCutOff() throws {
        try withFile("a.u64.gz", compressed.dropLast(10)) { path in
            let error = #expect(throws: TraceError.self) { try Trace(path: path) }
            #expect(error?.description.contains("is damaged") == true)
        }
    }

    @Test func throws_whenFileIsEmpty() throws {
        try withFile("a.u64", []) { path in
            #expect(throws: TraceError.empty(path)) { _ = try Trace(path: path) }
        }
    }

    @Test func throws_whenFileIsMissingOrADirectory() {
        #expect(throws: TraceError.missing("/nonexistent/a")) { try Trace(path: "/nonexistent/a") }
        #expect(throws: TraceError.unreadable("/", reason: "it is a directory")) { try Trace(path: "/") }
    }
}
