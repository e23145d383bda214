import Testing

@testable import Strata

extension SeededGenerator {
    mutating func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }
    mutating func chance(_ oneIn: Int) -> Bool { Int.random(in: 0..<oneIn, using: &self) == 0 }
}

/// Calls a closure with the UTF-8 bytes of a string.
func withBytes<Result>(_ string: String, _ body: (Bytes) throws -> Result) rethrows -> Result {
    var string = string
    return try string.withUTF8 { try body(Bytes($0)) }
}

/// Bytes as text, for comparisons.
func text(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

/// Keeps bytes at one address until the end of a test.
final class ByteArena {
    private var blocks: [UnsafeMutableRawBufferPointer] = []

    func bytes(_ string: String) -> Bytes {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: max(string.utf8.count, 1), alignment: 1)
        block.copyBytes(from: string.utf8)
        blocks.append(block)
        return Bytes(rebasing: block[..<string.utf8.count])
    }

    deinit { for block in blocks { block.deallocate() } }
}

// Short forms of the package interface with strings, each under the lock of its key.
extension HashStore {
    func exclusively<Result>(_ key: String, _ now: Int64, _ body: (Key, Access) -> Result) -> Result {
        withBytes(key) { bytes in
            let key = self.key(bytes)
            return withExclusiveAccess(to: key, now: now) { body(key, $0) }
        }
    }

    func put(_ key: String, _ value: String, _ deadline: DeadlineChange = .clear, now: Int64 = 0) {
        exclusively(key, now) { key, access in withBytes(value) { access.setString(key, $0, deadline: deadline) } }
    }

    func string(_ key: String, now: Int64 = 0) -> String? {
        withBytes(key) { read(self.key($0), now: now) { $0.map { StrataTests.text($0.stringBytes) } } }
    }

    /// Whether there is such a key; records the read.
    func withRecordedRead(of key: String, now: Int64) -> Bool {
        withBytes(key) { bytes in
            let key = self.key(bytes)
            return read(key, now: now) { entry in
                guard let entry else { return false }
                recordRead(entry, of: key, now: now)
                return true
            }
        }
    }

    @discardableResult
    func putFields(
        _ key: String, _ fields: [(String, String)], _ deadline: DeadlineChange = .clear, now: Int64 = 0
    ) -> Int {
        let arena = ByteArena()
        let pairs = fields.map { (name: arena.bytes($0.0), value: arena.bytes($0.1)) }
        return withExtendedLifetime(arena) {
            exclusively(key, now) { key, access in
                access.setFields(key, count: pairs.count, { pairs[$0] }, deadline: deadline)
            }
        }
    }

    func fieldValue(_ key: String, _ name: String, now: Int64 = 0) -> String? {
        withBytes(key) { key in
            withBytes(name) { name in
                read(self.key(key), now: now) { $0?.field(name, now: now).map { StrataTests.text($0.value) } }
            }
        }
    }

    @discardableResult
    func dropFields(_ key: String, _ names: [String], now: Int64 = 0) -> Int {
        let arena = ByteArena()
        let views = names.map { arena.bytes($0) }
        return withExtendedLifetime(arena) {
            exclusively(key, now) { key, access in access.removeFields(key, count: views.count) { views[$0] } }
        }
    }

    @discardableResult
    func drop(_ key: String, now: Int64 = 0) -> Bool { exclusively(key, now) { key, access in access.remove(key) } }

    @discardableResult
    func setKeyDeadline(_ key: String, _ deadline: Int64?, now: Int64 = 0) -> Bool {
        exclusively(key, now) { key, access in access.setDeadline(key, deadline) }
    }

    @discardableResult
    func setDeadline(_ key: String, field: String, _ deadline: Int64?, now: Int64 = 0) -> Bool {
        exclusively(key, now) { key, access in withBytes(field) { access.setFieldDeadline(key, $0, deadline) } }
    }

    func withEntry<Result>(_ key: String, now: Int64 = 0, _ body: (Entry?) -> Result) -> Result {
        exclusively(key, now) { key, access in body(access.entry(key)) }
    }

    func encoding(_ key: String, now: Int64 = 0) -> Entry.Encoding? { withEntry(key, now: now) { $0?.encoding } }

    func nominalEncoding(_ key: String) -> Entry.Encoding? {
        withEntry(key) { entry in entry?.nominalEncoding(limits) }
    }

    func fields(_ key: String, now: Int64 = 0) -> [String: String]? {
        withEntry(key, now: now) { entry in
            entry.map { entry in
                var fields: [String: String] = [:]
                entry.forEachField(now: now) { name, value, _ in
                    fields[StrataTests.text(name)] = StrataTests.text(value)
                }
                return fields
            }
        }
    }

    func allKeys(now: Int64 = 0, limit: Int = 10) -> [String] {
        var keys: [String] = []
        var cursor: UInt64 = 0
        repeat {
            cursor = scan(cursor: cursor, limit: limit, now: now) { key, _ in keys.append(StrataTests.text(key)) }
        } while cursor != 0
        return keys
    }

    /// Frees everything that waits, so that figures can be compared.
    func settle(now: Int64 = 0) {
        for _ in 0..<10_000 where maintain(now: now) {}
    }
}
