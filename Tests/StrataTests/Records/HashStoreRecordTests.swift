import Synchronization
import Testing

@testable import Strata

@Suite struct HashStoreRecordTests {
    private struct Session: Codable, Equatable {
        var user: String
        var visits: Int
        var pages: [String]
        var address: Address?
    }

    private final class TestClock: Sendable {
        let now = Atomic<Int64>(0)
    }

    private func makeStore(_ clock: TestClock = TestClock(), fieldLimit: Int = 128) -> HashStore {
        var configuration = HashStore.Configuration()
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: fieldLimit)
        configuration.clock = { clock.now.load(ordering: .relaxed) }
        return HashStore(configuration: configuration)
    }

    private let small = Session(user: "ada", visits: 3, pages: ["a", "b"], address: nil)
    private let large = Session(
        user: "bob", visits: -1, pages: (0..<40).map { "page \($0)" },
        address: Address(city: "London", zip: 7, lines: []))

    @Test(arguments: [128, 4])
    func givesTheValueBack(fieldLimit: Int) throws {
        let store = makeStore(fieldLimit: fieldLimit)
        for value in [small, large, small] {
            try store.setRecord("s", value)
            #expect(try store.record("s", as: Session.self) == value)
        }
        #expect(store.fieldValue("s", "visits") == "3")
        #expect(store.fieldValue("s", "pages.1") == "b")
        // What only the larger value had is gone.
        #expect(store.fieldValue("s", "pages.39") == nil)
        #expect(store.encoding("s") == .compact)
        #expect(try store.record("none", as: Session.self) == nil)
    }

    @Test func replacesAString_andRefusesToReadOne() throws {
        let store = makeStore()
        store.put("s", "text")
        let error = #expect(throws: HashRecordError.self) { try store.record("s", as: Session.self) }
        #expect(error?.code == .typeMismatch)
        try store.setRecord("s", small)
        #expect(try store.record("s", as: Session.self) == small)
    }

    @Test(arguments: [128, 2])
    func keepsOrSetsTheDeadline(fieldLimit: Int) throws {
        let clock = TestClock()
        let store = makeStore(clock, fieldLimit: fieldLimit)
        try store.setRecord("s", small, expiringAfter: .milliseconds(100))
        try store.setRecord("s", large)
        #expect(store.withEntry("s") { $0?.deadline } == 100)
        #expect(store.expiringKeyCount == 1)
        clock.now.store(99, ordering: .relaxed)
        #expect(try store.record("s", as: Session.self) == large)
        clock.now.store(100, ordering: .relaxed)
        #expect(try store.record("s", as: Session.self) == nil)
        try store.setRecord("s", small)
        #expect(store.withEntry("s", now: 100) { $0?.deadline } == .some(nil))
        try store.setRecord("s", small, expiringAfter: .seconds(-1))
        #expect(try store.record("s") == nil)
        try store.setRecord("s", small, expiringAfter: .seconds(Int64.max))
        #expect(try store.record("s", as: Session.self) == small)
    }

    @Test func refuses_whenTheBudgetIsUsedUp() throws {
        let budget = MemoryBudget(maximumBytes: 1, policy: .noEviction)
        let store = HashStore(budget: budget)
        store.put("large", String(repeating: "x", count: 10_000))
        let error = #expect(throws: HashRecordError.self) { try store.setRecord("s", large) }
        #expect(error?.code == .noRoom)
        #expect(store.keyCount == 1)
    }

    @Test(arguments: [128, 2])
    func leavesNothingBehind(fieldLimit: Int) throws {
        let store = makeStore(fieldLimit: fieldLimit)
        let before = store.byteCount
        for round in 0..<50 {
            try store.setRecord("s", round % 2 == 0 ? small : large)
            try store.setRecord("t", round % 2 == 0 ? large : small, expiringAfter: .seconds(round))
        }
        store.drop("s")
        store.drop("t")
        store.settle()
        #expect(store.byteCount <= before + 4_096)
        #expect(store.budget.retiredBytes == 0)
    }

    /// Readers see all of one value or all of the other.
    @Test(.tags(.stress), arguments: [128, 2])
    func readersSeeWholeValues_whileTheyAreReplaced(fieldLimit: Int) throws {
        let store = makeStore(fieldLimit: fieldLimit)
        let values = (small, large)
        try store.setRecord("s", small)
        let wrong = Atomic<Int>(0)
        runThreads(3) { thread in
            for round in 0..<400 {
                if thread == 0 {
                    try? store.setRecord("s", round % 2 == 0 ? values.1 : values.0)
                } else {
                    let seen = try? store.record("s", as: Session.self)
                    if seen != values.0, seen != values.1 { wrong.add(1, ordering: .relaxed) }
                }
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }
}
