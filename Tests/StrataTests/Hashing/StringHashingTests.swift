import Foundation
import Testing

@testable import Strata

@Suite
struct StringHashingTests {
    private let key = HashKey(seed: 5)

    private func hash(_ string: String) -> UInt64 { MapHashing.hash(string, key) }

    @Test
    func knowsTheLayoutOfShortStrings() {
        StringHashing.learnLayout()
        let words = unsafeBitCast("fifteen bytes..", to: (UInt64, UInt64).self)
        #expect(StringHashing.shortHash(words, key) != nil)
    }

    /// Every scalar that has the hash of an ASCII character among all strings of one scalar must be known as one that equals it.
    @Test
    func knowsAllScalarsThatEqualASCII() {
        var ascii: [Int: Unicode.Scalar] = [:]
        for value in UInt8.min..<128 {
            let scalar = Unicode.Scalar(value)
            ascii[String(scalar).hashValue] = scalar
        }
        var found: [Unicode.Scalar: UInt8] = [:]
        for value in UInt32(128)...0x10_ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let string = String(scalar)
            guard let plain = ascii[string.hashValue], string == String(plain) else { continue }
            found[scalar] = UInt8(plain.value)
        }
        #expect(found == StringHashing.lookalikes)
    }

    @Test(arguments: [
        ("K", "\u{212a}"), (";", "\u{37e}"), ("`", "\u{1fef}"), ("273 K; or so", "273 \u{212a}\u{37e} or so"),
        ("a long text that ends with K", "a long text that ends with \u{212a}"),
        ("\u{e9}t\u{e9}", "e\u{301}te\u{301}"), ("K\u{e9}", "\u{212a}e\u{301}"), ("\u{1f600}", "\u{1f600}"),
    ])
    func hashesEqualStringsAlike(left: String, right: String) {
        #expect(left == right)
        #expect(hash(left) == hash(right))
        let map = ConcurrentMap<String, Int>()
        map.updateValue(1, forKey: left)
        #expect(map[right] == 1)
    }

    @Test
    func hashesAlike_whateverTheRepresentation() {
        for count in 0...40 {
            let short = String(repeating: "x", count: count)
            // One that has storage of its own, with room for more.
            var roomy = ""
            roomy.reserveCapacity(200)
            roomy += short
            let slice = String("<\(short)>".dropFirst().dropLast())
            let bridged = NSString(string: short) as String
            #expect(hash(roomy) == hash(short))
            #expect(hash(slice) == hash(short))
            #expect(hash(bridged) == hash(short))
        }
    }

    @Test
    func dependsOnEveryByteAndTheKey() {
        var seen = Set<UInt64>()
        var strings = 0
        for count in 0...20 {
            for place in 0...count {
                var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: count)
                if place < count { bytes[place] = UInt8(ascii: "b") }
                seen.insert(hash(String(decoding: bytes, as: UTF8.self)))
                strings += 1
            }
        }
        #expect(seen.count == strings)
        #expect(MapHashing.hash("key", HashKey(seed: 6)) != hash("key"))
    }
}
