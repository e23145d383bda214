/// What keys look like: turns the rank of a key into its 64 bits.
package enum KeyShape: String, Codable, Sendable, CaseIterable {
    /// Bits that look random, as identifiers from a hash or a random source do.
    case scattered
    /// 0, 1, 2, …, as identifiers from a database do.
    case sequential
    /// `i << 8 | 127`: keys whose low bits are all the same, which a weak hash function puts close together.
    case clustered
    /// Multiples of 2³²: keys whose lower half is empty, which a hash function that only looks there can't tell apart.
    case strided

    /// What such keys are called in reports.
    package var title: String {
        switch self {
        case .scattered: "keys like random ones"
        case .sequential: "keys 0, 1, 2, …"
        case .clustered: "keys i << 8 | 127"
        case .strided: "keys i << 32"
        }
    }

    /// The key of a rank.
    @inline(__always)
    package func key(ofRank rank: Int) -> UInt64 {
        let number = UInt64(truncatingIfNeeded: rank)
        return switch self {
        case .scattered: SeededRandom.mix(number &+ 0x9e37_79b9_7f4a_7c15)
        case .sequential: number
        case .clustered: number << 8 | 127
        case .strided: number << 32
        }
    }
}
