/// A small fast random generator for sampling: SplitMix64, seeded by the system.
///
/// Good enough to draw fields fairly; not for secrets.
struct RandomSource: RandomNumberGenerator {
    private var state: UInt64

    /// Creates a generator with a seed of the system's choice.
    init() {
        state = UInt64.random(in: .min ... .max)
    }

    /// Creates a generator that repeats the same numbers for the same seed.
    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
