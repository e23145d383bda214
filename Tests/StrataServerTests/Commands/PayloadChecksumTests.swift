import Testing

@testable import StrataServer

/// The checksum of `DUMP` payloads.
@Suite struct PayloadChecksumTests {
    @Test func agreesWithThePublishedCheckValue() {
        // The check value of CRC-64/XZ: the digits one to nine.
        let digits = Array("123456789".utf8)
        #expect(digits.withUnsafeBytes { PayloadChecksum.of($0) } == 0x995D_C9BB_DF19_39FA)
    }

    @Test func changes_whenAnyBitChanges() {
        var bytes = Array("some bytes that are dumped".utf8)
        let original = bytes.withUnsafeBytes { PayloadChecksum.of($0) }
        for index in bytes.indices {
            for bit in 0..<8 {
                bytes[index] ^= 1 << bit
                #expect(bytes.withUnsafeBytes { PayloadChecksum.of($0) } != original)
                bytes[index] ^= 1 << bit
            }
        }
    }
}
