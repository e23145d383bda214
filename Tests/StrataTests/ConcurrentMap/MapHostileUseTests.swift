import Strata
import Synchronization
import Testing

/// Keys, values and closures that do what nobody should, or what hardly anybody thinks of.
@Suite
struct MapHostileUseTests {
    private struct Failure: Error {}

    /// A value whose destructor uses the map.
    private final class Caller: Sendable {
        let map: ConcurrentMap<Int, Caller>?
        init(_ map: ConcurrentMap<Int, Caller>? = nil) { self.map = map }
        deinit { map?.updateValue(Caller(), forKey: 2) }
    }

    /// Keys whose `==` is true to nobody, not even to themselves.
    private struct Loner: Hashable, Sendable {
        let number: Int
        func hash(into hasher: inout Hasher) { hasher.combine(number) }
        static func == (left: Loner, right: Loner) -> Bool { loyalty.load(ordering: .relaxed) }
    }

    /// Whether loners are equal for the time being.
    private static let loyalty = Atomic(false)

    /// History: the value that a closure had put in before it threw was released while the shard was locked; a destructor that used
    /// the map waited for its own thread forever.
    @Test
    func destructorMayUseMap_whenUpdateThrowsAfterChange() {
        let map = ConcurrentMap<Int, Caller>(shardCount: 1)
        #expect(throws: Failure.self) {
            try map.update(1) { value throws(Failure) in
                value = Caller(map)
                throw Failure()
            }
        }
        #expect(map.count == 1)
        #expect(map[2] != nil)
    }

    @Test
    func keepsEntriesApart_whenKeysAreNotEqualToThemselves() {
        let map = ConcurrentMap<Double, Int>()
        for number in 0..<100 { map.updateValue(number, forKey: .nan) }
        #expect(map.count == 100)
        #expect(map[.nan] == nil)
        #expect(map.snapshot().count == 100)
        map.removeAll()
        #expect(map.isEmpty)
    }

    /// History: a snapshot stopped the program when keys that hadn't been equal were equal to each other later.
    @Test
    func takesSnapshot_whenEqualityHasChanged() {
        Self.loyalty.store(false, ordering: .relaxed)
        let map = ConcurrentMap<Loner, Int>(shardCount: 1)
        for number in 0..<10 { map.updateValue(number, forKey: Loner(number: 1)) }
        #expect(map.count == 10)
        Self.loyalty.store(true, ordering: .relaxed)
        #expect(map.snapshot().count == 1)
        #expect(map.count == 10)
    }

    /// History: it waited for itself forever, and only where both keys were in one shard: on most machines for one pair of keys in 32.
    @Test
    func stopsProgram_whenClosureUsesItsOwnMap() async {
        await #expect(processExitsWith: .failure) {
            let map = ConcurrentMap<Int, Int>(shardCount: 1)
            map.update(1) { _ in map.update(2) { $0 = 2 } }
        }
        await #expect(processExitsWith: .failure) {
            let map = ConcurrentMap<Int, Int>(shardCount: 1)
            map.updateValue(1, forKey: 1)
            map.merge(1, forKey: 1) { old, new in old + new + map.snapshot().count }
        }
        await #expect(processExitsWith: .failure) {
            let map = ConcurrentMap<Int, Int>(shardCount: 1)
            _ = map.value(forKey: 1) { map.updateValue(1, forKey: 2) ?? 3 }
        }
    }
}
