import Strata
import Testing

@Suite struct StoreStatisticsTests {
    @Test func followTheTables() {
        let store = HashStore(now: 0)
        let empty = store.statistics
        #expect(empty.count == 0)
        #expect(empty.capacity > 0)
        #expect(empty.movedSlotCount == 0)

        for number in 0..<10_000 {
            withUnsafeBytes(of: number) { bytes in
                let key = store.key(bytes)
                store.withExclusiveAccess(to: key, now: 0) { $0.setString(key, bytes, deadline: .clear) }
            }
        }
        let full = store.statistics
        #expect(full.count == 10_000)
        #expect(full.capacity >= 10_000)
        #expect(full.loadFactor > 0.3 && full.loadFactor <= 1)
        #expect(full.movedSlotCount > 0)
        #expect((1...64).contains(full.maximumSlotsMoved))
        #expect(full.byteCount == store.byteCount)
    }
}
