import Foundation
import StrataRESP
import Testing

/// Mutated requests: never a trap, the same result however the input is split, work in proportion to its length.
@Suite
struct RESPRequestParserFuzzTests {
    private static let seeds: [[UInt8]] = [
        "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n", "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nvalue\r\nPING\r\n",
        "get 'a b' \"\\x41\"\r\n",
        "*0\r\n*-1\r\n\r\n*1\r\n$4\r\nPING\r\n",
    ].map { Array($0.utf8) }

    private static let alphabet = Array("*$\r\n0123456789-+ '\"\\xaGET\0\u{7f}".utf8) + [0xff, 0x80]

    private func mutated(using generator: inout some RandomNumberGenerator) -> [UInt8] {
        var bytes = Self.seeds.randomElement(using: &generator)!
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let place = Int.random(in: 0...bytes.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes.insert(Self.alphabet.randomElement(using: &generator)!, at: place)
            case 1 where place < bytes.count: bytes.remove(at: place)
            case 2 where place < bytes.count: bytes[place] = Self.alphabet.randomElement(using: &generator)!
            default: bytes.insert(contentsOf: Self.seeds.randomElement(using: &generator)!, at: place)
            }
        }
        return bytes
    }

    @Test
    func survivesMutatedRequests() {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["STRATA_FUZZ_INPUTS"].flatMap(Int.init) ?? 50_000
        let seed = environment["STRATA_FUZZ_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 1...UInt64.max)
        var generator = SplitMix(state: seed)
        for _ in 0..<count {
            let bytes = mutated(using: &generator)
            let whole = ParsedRequests.parse(bytes)
            let split = ParsedRequests.parse(bytes, ends: [Int.random(in: 0...bytes.count, using: &generator)])
            if whole.result != split.result || whole.inspected > 8 * bytes.count + 64 {
                Issue.record("seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
                return
            }
        }
    }
}

/// SplitMix64: a seed gives one sequence.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
