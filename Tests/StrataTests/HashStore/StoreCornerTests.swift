import Glibc
import Testing

@testable import Strata

/// Histories that once went wrong.
@Suite struct StoreCornerTests {
    /// A hash whose fields have all expired, but have not been collected, was copied to an empty hash without deadlines,
    /// which nothing would ever have removed.
    @Test(arguments: [3, 40])
    func copiesNothingThatStays_whenAllFieldsHaveExpired(fieldCount: Int) {
        var configuration = HashStore.Configuration()
        configuration.encoding = EncodingLimits(maximumCompactFieldCount: 10)
        let store = HashStore(configuration: configuration, now: 0)
        store.putFields("from", (0..<fieldCount).map { ("f\($0)", "v") }, .set(100), now: 1)
        let arena = ByteArena()
        withExtendedLifetime(arena) {
            let keys = [store.key(arena.bytes("from")), store.key(arena.bytes("to"))]
            store.withExclusiveAccess(to: keys, now: 200) { $0.copy(keys[0], to: keys[1], in: $0) }
        }
        while store.expire(now: 200, limit: 100) > 0 {}
        #expect(store.keyCount == 0)
        #expect(store.allKeys(now: 200) == [])
    }

    /// When a reader let go that had held up much garbage, the next write freed all of it, under its shard's lock.
    @Test func freesInSlices_afterMuchWasRetired() {
        var list = RetireList()
        var freed = 0
        func retire(byteCount: Int) {
            list.retire(UnsafeMutableRawPointer.allocate(byteCount: 8, alignment: 8), byteCount: byteCount) {
                pointer, _ in
                pointer.deallocate()
                freed += 1
            }
        }
        let total = 20_000
        Epoch.withPin { for _ in 0..<total { retire(byteCount: 1_000) } }
        for _ in 0..<4 { Epoch.advance() }
        var most = 0
        var writes = 0
        while freed < total, writes < 1_000_000 {
            let before = freed
            retire(byteCount: 8)
            most = max(most, freed - before)
            writes += 1
            if freed == before {
                // A pin of another suite's thread holds the epoch back: let it run.
                sched_yield()
                Epoch.advance()
            }
        }
        #expect(most <= 64, "one write freed \(most)")
        #expect(freed >= total)
        list.drain { pointer, _ in pointer.deallocate() }
    }
}
