import StrataTiering
import Testing

@testable import StrataRedis

@Suite
struct FieldEnvelopeTests {
    private static let magic = FieldEnvelope.magic

    @Test(arguments: [
        [], [1], [0xf5], [0xf5, 0x53], magic, magic + [0x76], magic + [0x61],
        magic + [0x64] + Array("12345678901234".utf8),
        magic + magic, Array("plain".utf8),
    ])
    func everyValueComesBack(_ value: [UInt8]) {
        #expect(FieldEnvelope.open(FieldEnvelope.closed(.value(value))) == .init(content: .value(value)))
        let (head, body) = FieldEnvelope.parts(.value(value))
        let opened = FieldEnvelope.open(head + Array("01700000000000".utf8) + body)
        #expect(opened == .init(content: .value(value), unixDeadline: 1_700_000_000_000))
    }

    @Test
    func negativeEntriesComeBack() {
        #expect(FieldEnvelope.open(FieldEnvelope.closed(.absent)) == .init(content: .absent))
        let head = FieldEnvelope.parts(.absent).head
        #expect(
            FieldEnvelope.open(head + Array("01700000000000".utf8))
                == .init(content: .absent, unixDeadline: 1_700_000_000_000))
    }

    @Test
    func whatOnlyBeginsLikeAnEnvelopeIsAPlainValue() {
        for rest in [[0x7a], [0x64, 0x31], [0x61, 0x31], [0x78] + Array("x1700000000000".utf8)] as [[UInt8]] {
            let value = Self.magic + rest
            #expect(FieldEnvelope.open(value) == .init(content: .value(value)))
        }
        #expect(FieldEnvelope.open(Self.magic) == .init(content: .value(Self.magic)))
    }

    @Test
    func digestsAreThoseOfTheStandard() {
        #expect(SHA1.hexadecimal(of: Array("abc".utf8)) == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(SHA1.hexadecimal(of: []) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(
            SHA1.hexadecimal(of: Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
                == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
        #expect(
            SHA1.hexadecimal(of: [UInt8](repeating: 0x61, count: 1_000_000))
                == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
    }
}
