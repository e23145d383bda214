import StrataRESP

/// A program that a server carries out as one step.
///
/// Sent by its digest; whole where the server doesn't know it yet.
struct Script: Sendable {
    let source: [UInt8]
    /// The SHA-1 of the source, in hexadecimal.
    let digest: [UInt8]

    init(_ source: String) {
        self.source = Array(source.utf8)
        digest = Array(SHA1.hexadecimal(of: self.source).utf8)
    }

    /// The command that carries it out by its digest.
    func command(keys: [[UInt8]], _ arguments: [[UInt8]]) -> [[UInt8]] {
        [Array("EVALSHA".utf8), digest, Array(String(keys.count).utf8)] + keys + arguments
    }

    /// The command that brings the source along.
    func fullCommand(keys: [[UInt8]], _ arguments: [[UInt8]]) -> [[UInt8]] {
        [Array("EVAL".utf8), source, Array(String(keys.count).utf8)] + keys + arguments
    }
}

/// SHA-1, by which servers name scripts; for nothing that has to be secure.
///
/// Source: FIPS 180-4, section 6.1.
enum SHA1 {
    static func hexadecimal(of bytes: [UInt8]) -> String {
        var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
            0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0
        )
        var message = bytes + [0x80]
        message += [UInt8](repeating: 0, count: (119 - bytes.count % 64) % 64)
        let bitCount = UInt64(bytes.count) * 8
        message += (0..<8).map { UInt8(truncatingIfNeeded: bitCount >> (56 - 8 * UInt64($0))) }
        for start in stride(from: 0, to: message.count, by: 64) { mix(message[start..<(start + 64)], &state) }
        return [state.0, state.1, state.2, state.3, state.4].map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 8 - text.count) + text
        }.joined()
    }

    private static func mix(_ block: ArraySlice<UInt8>, _ state: inout (UInt32, UInt32, UInt32, UInt32, UInt32)) {
        var words = [UInt32](repeating: 0, count: 80)
        for index in 0..<16 {
            words[index] = (0..<4).reduce(0) { $0 << 8 | UInt32(block[block.startIndex + 4 * index + $1]) }
        }
        for index in 16..<80 {
            words[index] = rotated(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1)
        }
        var (a, b, c, d, e) = state
        for index in 0..<80 {
            let (function, constant): (UInt32, UInt32) =
                switch index {
                case 0..<20: (b & c | ~b & d, 0x5a82_7999)
                case 20..<40: (b ^ c ^ d, 0x6ed9_eba1)
                case 40..<60: (b & c | b & d | c & d, 0x8f1b_bcdc)
                default: (b ^ c ^ d, 0xca62_c1d6)
                }
            let next = rotated(a, 5) &+ function &+ e &+ constant &+ words[index]
            (e, d, c, b, a) = (d, c, rotated(b, 30), a, next)
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word << count | word >> (32 - count) }
}
