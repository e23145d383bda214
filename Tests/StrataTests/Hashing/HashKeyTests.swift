import CStrata
import Testing

@testable import Strata

@Suite
struct HashKeyTests {
    private let seeds: [UInt64] = [1, 2, 0xdead_beef, .max]

    private func hash(_ bytes: [UInt8], _ variant: Variant, seed: UInt64) -> UInt64 {
        let key = strata_hash_key(low: seed, high: seed &* 3 | 1)
        return bytes.withUnsafeBytes {
            switch variant {
            case .aes: strata_hash_bytes_aes($0.baseAddress, $0.count, key)
            case .sip: strata_hash_bytes_sip($0.baseAddress, $0.count, key)
            }
        }
    }

    enum Variant: CaseIterable { case aes, sip }

    private static var variants: [Variant] { strata_hash_has_aes() != 0 ? Variant.allCases : [.sip] }

    @Test(arguments: variants)
    func everyByteAndTheLengthMatter(variant: Variant) {
        for seed in seeds {
            var seen = Set<UInt64>()
            var count = 0
            for length in 0...70 {
                let bytes = [UInt8](repeating: 0, count: length)
                seen.insert(hash(bytes, variant, seed: seed))
                count += 1
                for position in 0..<length {
                    var changed = bytes
                    changed[position] = 1
                    seen.insert(hash(changed, variant, seed: seed))
                    count += 1
                }
            }
            #expect(seen.count == count)
        }
    }

    @Test(arguments: variants)
    func differencesOfOneBitSpreadOverAllBits(variant: Variant) {
        var generator = SeededGenerator(seed: 5)
        for length in [1, 3, 7, 8, 15, 16, 17, 31, 32, 33, 64] {
            var flips = [Int](repeating: 0, count: 64)
            let rounds = 400
            for _ in 0..<rounds {
                var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
                let before = hash(bytes, variant, seed: 99)
                let bit = Int.random(in: 0..<length * 8, using: &generator)
                bytes[bit / 8] ^= 1 << (bit % 8)
                let difference = before ^ hash(bytes, variant, seed: 99)
                for index in 0..<64 where difference >> UInt64(index) & 1 == 1 { flips[index] += 1 }
            }
            // Half of the rounds flip each bit; six standard deviations are 60.
            #expect(flips.allSatisfy { abs($0 - rounds / 2) < 60 }, "length \(length): \(flips)")
        }
    }

    /// Keys whose low or high bits are all the same, in a row or with large strides.
    @Test(arguments: [(0, 0), (8, 127), (32, 0), (56, 3)])
    func regularIntegersSpreadEvenlyOverGroupsShardsAndFingerprints(shift: Int, low: Int) {
        let key = HashKey(seed: 42)
        let count = shift == 56 ? 256 : 1 << 16
        var byGroup = [Int](repeating: 0, count: 256)
        var byFingerprint = [Int](repeating: 0, count: 256)
        for number in 0..<count {
            let hash = key.hash(UInt64(number) << UInt64(shift) | UInt64(low))
            byGroup[Int(hash >> 56)] += 1
            byFingerprint[Int(hash & 0xff)] += 1
        }
        let expected = Double(count) / 256
        for histogram in [byGroup, byFingerprint] {
            let chiSquare = histogram.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
            // 255 degrees of freedom: beyond 370 in one of a million runs.
            #expect(chiSquare < 370)
        }
    }

    @Test(arguments: variants)
    func hashesDependOnTheKey(variant: Variant) {
        let message = (0..<15).map { UInt8($0) }
        let hashes = Set(seeds.map { hash(message, variant, seed: $0) })
        #expect(hashes.count == seeds.count)
    }
}
