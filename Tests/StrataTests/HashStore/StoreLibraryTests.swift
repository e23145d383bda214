import Synchronization
import Testing

@testable import Strata

/// The public interface, with a clock that the test moves.
@Suite struct StoreLibraryTests {
    final class TestClock: Sendable {
        let milliseconds = Atomic<Int64>(1_000)
        func advance(by step: Int64) { milliseconds.add(step, ordering: .relaxed) }
    }

    private let clock = TestClock()

    private func makeStore(budget: MemoryBudget = MemoryBudget()) -> HashStore {
        var configuration = HashStore.Configuration()
        configuration.clock = { [clock] in clock.milliseconds.load(ordering: .relaxed) }
        return HashStore(configuration: configuration, budget: budget)
    }

    @Test func setsAndGetsFields() throws {
        let store = makeStore()
        #expect(try store.set("user:1", ["name": "Ada", "born": "1815"]) == 2)
        #expect(store["user:1", "name"] == Array("Ada".utf8))
        #expect(store.text("user:1", "born") == "1815")
        #expect(store["user:1", "none"] == nil)
        #expect(store["none", "name"] == nil)
        #expect(try store.setField("user:1", "name", to: "Grace") == false)
        #expect(try store.setField("user:1", "city", to: [76, 111] as [UInt8]))
        #expect(store.dictionary("user:1") == ["name": "Grace", "born": "1815", "city": "Lo"])
        #expect(store.dictionary("none") == nil)
        #expect(store.fieldCount("user:1") == 3)
        #expect(store.values("user:1", ["city", "none"]) == [Array("Lo".utf8), nil])
        #expect(store.contains("user:1", "city"))
        #expect(try store.removeFields("user:1", ["city", "none", "born"]) == 2)
        try store.replace("user:1", with: ["only": "this"])
        #expect(store.dictionary("user:1") == ["only": "this"])
        #expect(try store.removeField("user:1", "only"))
        #expect(!store.contains("user:1"))
        #expect(store.isEmpty)
    }

    @Test func takesManyKindsOfBytes() throws {
        let store = makeStore()
        let bytes: [UInt8] = [0, 255, 10]
        let long = "a key that is too long to be kept inline"
        try store.setField(long, bytes, to: "value")
        #expect(store.text(Substring(long), bytes[...]) == "value")
        #expect(store.text(long.utf8Span.span, bytes.span) == "value")
        #expect(store.text(long.utf8Span.span.bytes, bytes.span.bytes) == "value")
        #expect(store.text("a key that is too long to be kept inline" as StaticString, bytes) == "value")
        try store.setField("", "", to: "")
        #expect(store["", ""]?.isEmpty == true)
        try store.setField("é", "ключ", to: "值")
        #expect(store.text("é", "ключ") == "值")
        #expect(store["e\u{301}", "ключ"] == nil, "keys are bytes, not characters")
    }

    @Test func lendsBytes() throws {
        let store = makeStore()
        try store.set("k", ["f": "value"])
        let sum = store.withField("k", "f") { span -> Int in
            guard let span else { return -1 }
            // What is lent stays as it was.
            store.remove("k")
            var sum = 0
            for index in 0..<span.byteCount { sum += Int(span.unsafeLoad(fromByteOffset: index, as: UInt8.self)) }
            return sum
        }
        #expect(sum == "value".utf8.reduce(0) { $0 + Int($1) })
        #expect(store.withField("k", "f") { $0 == nil })
    }

    @Test func incrementsIntegers() throws {
        let store = makeStore()
        #expect(try store.increment("k", "n") == 1)
        #expect(try store.increment("k", "n", by: -5) == -4)
        try store.setField("k", "n", to: "9223372036854775806")
        #expect(try store.increment("k", "n") == .max)
        #expect(throws: HashStoreError.overflow) { try store.increment("k", "n") }
        #expect(store.text("k", "n") == "9223372036854775807")
        try store.setField("k", "n", to: "1.5")
        #expect(throws: HashStoreError.notAnInteger) { try store.increment("k", "n") }
    }

    @Test func incrementsNumbers() throws {
        let store = makeStore()
        #expect(try store.increment("k", "n", by: 1.5) == 1.5)
        #expect(try store.increment("k", "n", by: 0.5) == 2)
        #expect(store.text("k", "n") == "2")
        #expect(throws: HashStoreError.overflow) { try store.increment("k", "n", by: Double.infinity) }
        try store.setField("k", "n", to: "x")
        #expect(throws: HashStoreError.notANumber) { try store.increment("k", "n", by: 1.0) }
    }

    @Test func refusesTheWrongType() throws {
        let store = makeStore()
        try store.setString("s", to: "v")
        #expect(throws: HashStoreError.wrongType) { try store.setField("s", "f", to: "v") }
        #expect(throws: HashStoreError.wrongType) { try store.set("s", ["f": "v"]) }
        #expect(throws: HashStoreError.wrongType) { try store.increment("s", "f") }
        #expect(throws: HashStoreError.wrongType) { try store.removeField("s", "f") }
        #expect(throws: HashStoreError.wrongType) { try store.expire("s", "f", after: .seconds(1)) }
        #expect(store["s", "f"] == nil)
        #expect(store.dictionary("s") == nil)
        #expect(store.string("s") == [118])
        try store.set("h", ["f": "v"])
        #expect(store.string("h") as [UInt8]? == nil)
        try store.setString("h", to: "v")
        #expect(store.string("h") == [118])
    }

    @Test func expires() throws {
        let store = makeStore()
        try store.set("k", ["a": "1", "b": "2"])
        #expect(store.timeToLive("k") == nil)
        #expect(store.expire("k", after: .seconds(10)))
        #expect(!store.expire("none", after: .seconds(10)))
        #expect(store.timeToLive("k") == .seconds(10))
        #expect(try store.expire("k", "a", after: .milliseconds(500)))
        #expect(try !store.expire("k", "none", after: .milliseconds(500)))
        #expect(store.timeToLive("k", "a") == .milliseconds(500))
        #expect(store.timeToLive("k", "b") == nil)
        clock.advance(by: 500)
        #expect(store["k", "a"] == nil)
        #expect(store.fieldCount("k") == 1)
        #expect(store.performMaintenance() == 1)
        #expect(store.persist("k"))
        #expect(store.timeToLive("k") == nil)
        try store.setField("k", "c", to: "3", expiringAfter: .seconds(1))
        #expect(try store.persist("k", "c"))
        clock.advance(by: 60_000)
        #expect(store.dictionary("k") == ["b": "2", "c": "3"])
        #expect(store.expire("k", after: .zero))
        #expect(!store.contains("k"))
    }

    @Test func roundsLifetimesUp() {
        #expect(HashStore.deadline(after: .nanoseconds(1), now: 5) == 6)
        #expect(HashStore.deadline(after: .milliseconds(3), now: 5) == 8)
        #expect(HashStore.deadline(after: .seconds(-1), now: 5) == -995)
        #expect(HashStore.deadline(after: .seconds(Int64.max), now: 5) == Deadline.none)
        #expect(HashStore.deadline(after: .seconds(Int64.min), now: 5) == .min)
    }

    @Test func listsKeys() throws {
        let store = makeStore()
        for index in 0..<50 { try store.setString("user:\(index)", to: "v") }
        try store.setString("other", to: "v")
        #expect(store.count == 51)
        #expect(store.keys().count == 51)
        #expect(store.keys(matching: "user:1*").count == 11)
        store.removeAll()
        #expect(store.keys() == [])
    }

    @Test func refusesWrites_whenTheBudgetIsUsedUp() throws {
        let store = makeStore(budget: MemoryBudget(maximumBytes: 1, policy: .noEviction))
        #expect(throws: HashStoreError.outOfMemory) { try store.setField("k", "f", to: "v") }
        #expect(!store.remove("k"))
        store.budget.maximumBytes = 0
        try store.setField("k", "f", to: "v")
    }

    @Test func storesTypedRecords() throws {
        struct User: Codable, Equatable {
            var name: String
            var visits: Int
        }
        let store = makeStore()
        try store.setRecord("user:1", User(name: "Ada", visits: 3))
        #expect(store.text("user:1", "name") == "Ada")
        try store.increment("user:1", "visits")
        #expect(try store.record("user:1", as: User.self) == User(name: "Ada", visits: 4))
    }
}
