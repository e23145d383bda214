import Strata
import StrataMonitor
import Testing

@Suite struct MapRegistryTests {
    @Test func refusesBadNames() throws {
        let registry = MapRegistry(limit: 2)
        let map = ConcurrentMap<Int, Int>()
        let registration = try registry.register(map, name: "map")
        #expect(throws: RegistryError.nameIsTaken(name: "map")) { try registry.register(map, name: "map") }
        #expect(throws: RegistryError.nameIsEmpty) { try registry.register(map, name: "") }
        let long = String(repeating: "ü", count: 33)
        #expect(throws: RegistryError.nameIsTooLong(name: long, limit: 64)) { try registry.register(map, name: long) }
        let second = try registry.register(map, name: "again")
        #expect(throws: RegistryError.isFull(limit: 2)) { try registry.register(map, name: "third") }
        #expect("\(RegistryError.isFull(limit: 2))".contains("2"))
        second.end()
        #expect(registry.names == ["map"])
        withExtendedLifetime(registration) {}
    }

    @Test func namesAreFreeAgain_whenTheTokenGoes() throws {
        let registry = MapRegistry()
        let map = ConcurrentMap<Int, Int>()
        for _ in 0..<3 {
            let registration = try registry.register(map, name: "map")
            #expect(registry.names == ["map"])
            _ = registration
        }
        #expect(registry.names.isEmpty)
    }

    private final class Breaker: TierFigureSource {
        func tierFigures() -> TierFigures { TierFigures() }
    }

    @Test func whatIsMadeOfTiers_isNotKeptAlive_andItsNameIsFreeAgain() throws {
        let registry = MapRegistry()
        var breaker: Breaker? = Breaker()
        let registration = try registry.register(try #require(breaker), name: "payments")
        #expect(registry.names == ["payments"])
        breaker = nil
        let next = Breaker()
        let second = try registry.register(next, name: "payments")
        withExtendedLifetime((registration, second)) {}
    }

    @Test func mapsAreNotKeptAlive() throws {
        let registry = MapRegistry()
        weak var weakMap: ConcurrentMap<Int, Int>?
        let registration: Registration
        do {
            let map = ConcurrentMap<Int, Int>()
            weakMap = map
            registration = try registry.register(map, name: "map")
        }
        #expect(weakMap == nil)
        let another = ConcurrentMap<Int, Int>()
        let second = try registry.register(another, name: "map")
        // The late end of the first one doesn't take the second's place.
        registration.end()
        #expect(registry.names == ["map"])
        withExtendedLifetime((another, second)) {}
    }

    /// A map that is used by others while it is registered and unregistered all the time.
    @Test func observersComeAndGo_whileMapsAreUsed() async throws {
        let registry = MapRegistry()
        let map = ConcurrentMap<UInt64, UInt64>()
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<3 as Range<UInt64> {
                group.addTask {
                    for key in 0..<30_000 as Range<UInt64> {
                        map.updateValue(key, forKey: key & 1023 | thread << 32)
                        _ = map[key & 1023]
                    }
                }
            }
            group.addTask {
                for _ in 0..<300 {
                    let registration = try? registry.register(map, name: "map")
                    _ = registry.names
                    registration?.end()
                }
            }
        }
        #expect(map.count == 3 * 1024)
    }
}
