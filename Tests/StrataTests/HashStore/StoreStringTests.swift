import Testing

@testable import Strata

@Suite struct StoreStringTests {
    @Test func keepsBytes_whenSetAndReplaced() {
        let store = HashStore(now: 0)
        #expect(store.string("k") == nil)
        store.put("k", "")
        #expect(store.string("k")?.isEmpty == true)
        store.put("k", "value")
        #expect(store.string("k") == "value")
        let long = String(repeating: "x", count: 100_000)
        store.put("k", long)
        #expect(store.string("k") == long)
        #expect(store.keyCount == 1)
        #expect(store.drop("k"))
        #expect(!store.drop("k"))
        #expect(store.keyCount == 0)
    }

    @Test func replacesAHash() {
        let store = HashStore(now: 0)
        store.putFields("k", [("a", "1")])
        store.put("k", "v")
        #expect(store.withEntry("k") { $0?.kind } == .string)
        let many = (0..<300).map { ("f\($0)", "v") }
        store.putFields("h", many)
        #expect(store.encoding("h") == .table)
        store.put("h", "v")
        #expect(store.string("h") == "v")
    }

    @Test func appendsInPlace_whenThereIsRoom() {
        let store = HashStore(now: 0)
        store.put("k", "start", .set(5_000))
        var expected = "start"
        var blocks = Set<UnsafeMutableRawPointer>()
        for index in 0..<1_000 {
            let length = store.exclusively("k", 0) { key, access in withBytes("\(index),") { access.append(key, $0) } }
            expected += "\(index),"
            #expect(length == expected.utf8.count)
            store.withEntry("k") { if let entry = $0 { blocks.insert(entry.block.base) } }
        }
        #expect(store.string("k") == expected)
        #expect(blocks.count < 16, "a growing string moves a logarithmic number of times")
        #expect(store.withEntry("k") { $0?.deadline } == 5_000)
        #expect(store.encoding("k") == .raw)
    }

    @Test func growsByDoublingUpToAMebibyte() {
        #expect(StoreWriter.grownCapacity(for: 100) == 200)
        #expect(StoreWriter.grownCapacity(for: 1 << 20) == 2 << 20)
        #expect(StoreWriter.grownCapacity(for: 10 << 20) == 11 << 20)
    }

    @Test func overwritesWithZeroesInBetween() {
        let store = HashStore(now: 0)
        func write(_ offset: Int, _ patch: String) -> Int {
            store.exclusively("k", 0) { key, access in withBytes(patch) { access.overwrite(key, at: offset, $0) } }
        }
        #expect(write(3, "abc") == 6)
        #expect(store.string("k") == "\0\0\0abc")
        #expect(write(0, "xy") == 6)
        #expect(store.string("k") == "xy\0abc")
        #expect(write(5, "ZZ") == 7)
        #expect(store.string("k") == "xy\0abZZ")
        #expect(write(9, "!") == 10)
        #expect(store.string("k") == "xy\0abZZ\0\0!")
        #expect(write(100, "") == 10)
        #expect(store.exclusively("none", 0) { key, access in withBytes("") { access.overwrite(key, at: 5, $0) } } == 0)
        #expect(store.withEntry("none") { $0 == nil })
    }

    @Test(
        arguments: [
            ("1", HashStore.Entry.Encoding.integer), ("-9223372036854775808", .integer),
            ("9223372036854775807", .integer),
            ("9223372036854775808", .embedded), ("-0", .embedded), ("01", .embedded), ("+1", .embedded),
            ("", .embedded),
            ("0", .integer), ("-", .embedded), ("1 ", .embedded),
            (String(repeating: "a", count: 44), .embedded), (String(repeating: "a", count: 45), .raw),
        ] as [(String, HashStore.Entry.Encoding)])
    func namesEncodings(value: String, encoding: HashStore.Entry.Encoding) {
        let store = HashStore(now: 0)
        store.put("k", value)
        #expect(store.encoding("k") == encoding)
    }

    @Test func deadlineRules_whenSet() {
        let store = HashStore(now: 0)
        store.put("k", "1", .set(100))
        store.put("k", "2", .keep)
        #expect(store.withEntry("k") { $0?.deadline } == 100)
        store.put("k", "3", .clear)
        #expect(store.withEntry("k") { $0?.deadline } == nil)
        store.put("k", "4", .set(50), now: 50)
        #expect(store.string("k", now: 50) == nil)
        store.put("new", "4", .set(50), now: 50)
        #expect(store.keyCount == 0)
    }

    @Test func recordsAccesses() {
        let store = HashStore(now: 0)
        store.put("k", "v")
        #expect(store.withEntry("k", now: 10_500) { $0?.idleMilliseconds(now: 10_500) } == 10_000)
        store.withEntry("k", now: 10_500) { $0?.touch(now: 10_500, tick: 0) }
        #expect(store.withEntry("k", now: 10_500) { $0?.idleMilliseconds(now: 10_500) } == 0)
        #expect(store.withEntry("k", now: 10_500) { $0?.frequency(now: 10_500) } == 6)
    }
}
