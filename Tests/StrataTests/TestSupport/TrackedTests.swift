import Testing

@Suite
struct TrackedTests {
    @Test
    func countsObjects_whileTheyLive() {
        let count = LiveCount()
        do {
            let objects = (0..<10).map { Tracked($0, count) }
            #expect(count.value == 10)
            #expect(objects.allSatisfy { $0.isAlive })
        }
        #expect(count.value == 0)
        #expect(count.total == 10)
    }
}
