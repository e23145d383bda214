import Foundation

/// A recorded sequence of requests: the keys that were asked for, in order.
///
/// A file is little-endian `UInt64` key identifiers and nothing else, plain or compressed with gzip; which of the two is told by its first
/// bytes, not by its name. Compressed files go through the `gzip` program: every Debian has it (the package is essential), whereas zlib's
/// headers, which linking the library would need, are on few machines.
package struct Trace: Sendable {
    /// The keys in request order.
    package let keys: [UInt64]

    /// Makes a trace of keys.
    package init(keys: [UInt64]) {
        self.keys = keys
    }

    /// Reads a file whole.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isReadOnce: Whether it may be a pipe, which nobody can read a second time.
    /// - Throws: ``TraceError`` if it can't be read or is no trace.
    package init(path: String, isReadOnce: Bool = true) throws(TraceError) {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { throw .missing(path) }
        guard !isDirectory.boolValue else { throw .unreadable(path, reason: "it is a directory") }
        let data: Data
        let isPlain: Bool
        do {
            (data, isPlain) = try Self.content(of: path)
        } catch let error as TraceError {
            throw error
        } catch {
            throw .unreadable(path, reason: error.localizedDescription)
        }
        guard isPlain || isReadOnce else {
            throw .unreadable(path, reason: "it is a pipe, and would have to be read several times")
        }
        if data.starts(with: [0x1F, 0x8B]) {
            try self.init(path: path, bytes: isPlain ? Self.decompress(path) : Self.decompress(data, from: path))
        } else if path.hasSuffix(".gz") {
            throw .notCompressed(path)
        } else {
            try self.init(path: path, bytes: data)
        }
    }

    /// Takes the uncompressed bytes of a file apart.
    private init(path: String, bytes: Data) throws(TraceError) {
        guard !bytes.isEmpty else { throw .empty(path) }
        guard bytes.count.isMultiple(of: 8) else { throw .oddLength(path, byteCount: bytes.count) }
        self.keys = bytes.withUnsafeBytes { raw in
            (0..<raw.count / 8).map { UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)) }
        }
    }

    /// What a file or pipe holds, and which of the two it is.
    private static func content(of path: String) throws -> (data: Data, isPlain: Bool) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw TraceError.unreadable(path, reason: String(cString: strerror(errno)))
        }
        let type = status.st_mode & S_IFMT
        if type == S_IFREG {
            return (try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe), true)
        }
        // A device may have no end.
        guard type != S_IFCHR, type != S_IFBLK else {
            throw TraceError.unreadable(path, reason: "it is a device")
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw TraceError.unreadable(path, reason: String(cString: strerror(errno)))
        }
        return (try file.readToEnd() ?? Data(), false)
    }

    /// Lets `gzip` decompress what came through a pipe.
    private static func decompress(_ data: Data, from path: String) throws(TraceError) -> Data {
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("strata-\(UUID().uuidString).gz")
        defer { try? FileManager.default.removeItem(at: copy) }
        do {
            try data.write(to: copy)
        } catch {
            throw .unreadable(path, reason: "\(copy.path) can't be written: \(error.localizedDescription)")
        }
        return try decompress(copy.path)
    }

    /// Lets `gzip` decompress a file.
    private static func decompress(_ path: String) throws(TraceError) -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["gzip", "-dc", "--", path]
        let output = Pipe()
        let errors = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            let message = try errors.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            // 2 is gzip's warning, for instance about bytes after the end; the data is whole then.
            guard process.terminationReason == .exit, [0, 2].contains(process.terminationStatus) else {
                let text = String(decoding: message, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
                throw TraceError.damaged(path, reason: text.isEmpty ? "gzip failed" : text)
            }
            return data
        } catch let error as TraceError {
            throw error
        } catch {
            throw .unreadable(path, reason: "gzip can't be run: \(error.localizedDescription)")
        }
    }

    /// How many different keys there are among the first `count`.
    ///
    /// - Complexity: O(`count`) insertions into a set.
    package func distinctKeyCount(first count: Int) -> Int {
        Set(keys.prefix(count)).count
    }
}

/// Why a file is no trace.
package enum TraceError: Error, Equatable, CustomStringConvertible {
    /// There is no such file.
    case missing(String)
    /// The system refuses to read it.
    case unreadable(String, reason: String)
    /// It is named like a compressed file and isn't one.
    case notCompressed(String)
    /// It is compressed, but what is in it can't be restored.
    case damaged(String, reason: String)
    /// It holds no request.
    case empty(String)
    /// Its length is not a whole number of keys.
    case oddLength(String, byteCount: Int)

    /// What is wrong, for people.
    package var description: String {
        switch self {
        case .missing(let path): "there is no file \(path)"
        case .unreadable(let path, let reason): "can't read \(path): \(reason)"
        case .notCompressed(let path): "\(path) is named .gz but isn't compressed with gzip"
        case .damaged(let path, let reason): "\(path) is damaged: \(reason)"
        case .empty(let path): "\(path) holds no requests"
        case .oddLength(let path, let byteCount):
            "\(path) is no trace: it holds \(byteCount) bytes, which is no whole number of 8-byte keys"
        }
    }
}
