import Testing

@testable import StrataRedis

@Suite
struct HashSlotTests {
    @Test
    func checksumIsXMODEM() {
        // The check value of the CRC catalogue and of the cluster specification.
        #expect(HashSlot.checksum("123456789".utf8) == 0x31c3)
        #expect(HashSlot.checksum("".utf8) == 0)
    }

    @Test(arguments: [
        ("foo", 12182), ("bar", 5061), ("hello", 866), ("{user1000}.following", 3443), ("{user1000}.followers", 3443),
        ("", 0),
    ])
    func slotOfAKey(_ key: String, _ slot: Int) { #expect(HashSlot(of: Array(key.utf8)).number == slot) }

    @Test(arguments: [
        ("foo{}{bar}", "foo{}{bar}"), ("foo{{bar}}zap", "{bar"), ("foo{bar}{zap}", "bar"), ("a}b", "a}b"),
        ("a{b", "a{b"),
        ("}{x}", "x"), ("{}", "{}"),
    ])
    func tagOfAKey(_ key: String, _ tag: String) {
        #expect(Array(HashSlot.tag(of: Array(key.utf8))) == Array(tag.utf8))
    }

    @Test
    func everySlotHasATagOfItsOwn() {
        for number in 0..<HashSlot.count {
            #expect(HashSlot(of: Array("x{\(HashSlot(number).tag)}y".utf8)).number == number)
        }
    }

    @Test(arguments: ["plain", "{tag}rest", "a}b", "{}", "a{}b{c}", "", "{{x}}", "strata:lease:{x}y"])
    func companionsLieInTheSlotOfTheirKey(_ key: String) {
        let key = Array(key.utf8)
        let lease = StoreKeys.lease(of: key)
        #expect(HashSlot(of: lease) == HashSlot(of: key))
        #expect(StoreKeys.leased(by: lease) == key)
    }
}
