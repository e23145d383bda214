import Testing

@testable import Strata

/// The block's header has little room: what doesn't fit goes elsewhere, and comes back the same.
@Suite struct EntryBlockTests {
    @Test(arguments: [0, 1, 255, 256, 65_534, 65_535, 65_536, 200_000])
    func keepsKeyAndValue_whateverTheirLengths(keyLength: Int) {
        let key = String(repeating: "k", count: keyLength)
        for valueLength in [0, 1, 100, 5_000_000] {
            let value = String(repeating: "v", count: valueLength)
            withBytes(key) { keyBytes in
                withBytes(value) { valueBytes in
                    for deadline in [Deadline.none, 77] {
                        let block = EntryBlock.string(
                            key: keyBytes, valueBytes, access: AccessWord(bits: 9), deadline: deadline)
                        let copy = block.copied(key: keyBytes, deadline: deadline)
                        for one in [block, copy] {
                            #expect(one.key.elementsEqual(keyBytes))
                            #expect(one.payload.elementsEqual(valueBytes))
                            #expect(one.deadline == deadline)
                            #expect(one.access.bits == 9)
                            #expect(one.ownerByte == 0)
                        }
                        block.deallocate()
                        copy.deallocate()
                    }
                }
            }
        }
    }

    @Test func staysCompact_upToTheLargestFieldCount() {
        var configuration = HashStore.Configuration()
        configuration.encoding = EncodingLimits(
            maximumCompactFieldCount: 1_000_000, maximumCompactValueLength: 1_000_000)
        let store = HashStore(configuration: configuration, now: 0)
        let largest = EncodingLimits.largestFieldCount
        store.putFields("h", (0..<largest).map { ("f\($0)", "\($0)") })
        #expect(store.encoding("h") == .compact)
        #expect(store.withEntry("h") { $0?.fieldCount } == largest)
        store.putFields("h", [("one more", "")])
        #expect(store.encoding("h") == .table)
        for index in 0..<largest { #expect(store.fieldValue("h", "f\(index)") == "\(index)") }
    }
}
