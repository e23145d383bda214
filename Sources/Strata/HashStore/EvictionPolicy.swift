/// What is removed when memory runs short, and by what measure.
///
/// The raw values are the names Redis uses in its configuration, and `allkeys-adaptive`.
public enum EvictionPolicy: String, Sendable, CaseIterable {
    /// Nothing: writes that need memory fail.
    case noEviction = "noeviction"
    /// Any key, the one that was idle longest.
    case allKeysLRU = "allkeys-lru"
    /// Any key, the one used least often.
    case allKeysLFU = "allkeys-lfu"
    /// Any key at random.
    case allKeysRandom = "allkeys-random"
    /// Keys with a deadline, the one that was idle longest.
    case volatileLRU = "volatile-lru"
    /// Keys with a deadline, the one used least often.
    case volatileLFU = "volatile-lfu"
    /// Keys with a deadline, at random.
    case volatileRandom = "volatile-random"
    /// Keys with a deadline, the one whose deadline is nearest.
    case volatileTTL = "volatile-ttl"
    /// Any key, the one that is worth least per byte by what was learnt of when keys are asked for again.
    ///
    /// The engine of ``Cache``; Redis has no such policy.
    case allKeysAdaptive = "allkeys-adaptive"

    /// Whether only keys with a deadline of their own may go.
    public var needsDeadline: Bool {
        switch self {
        case .volatileLRU, .volatileLFU, .volatileRandom, .volatileTTL: true
        case .allKeysAdaptive, .noEviction, .allKeysLRU, .allKeysLFU, .allKeysRandom: false
        }
    }

    /// Whether the policy compares how often keys are used.
    public var comparesFrequency: Bool { self == .allKeysLFU || self == .volatileLFU }

    /// Whether the policy compares when or how often keys are used.
    public var comparesUse: Bool { comparesFrequency || self == .allKeysLRU || self == .volatileLRU }

    /// A compact number for atomic storage.
    var index: UInt8 { UInt8(truncatingIfNeeded: Self.allCases.firstIndex(of: self) ?? 0) }

    /// How good a victim an entry is under this policy: the highest score goes first.
    ///
    /// - Parameters:
    ///   - idleSeconds: Since the last access.
    ///   - frequency: The decayed counter of accesses.
    ///   - deadline: The key's deadline, `Deadline.none` without.
    ///   - random: A random number for the policies that don't compare.
    /// - Returns: A number that means nothing but for comparison with others of the same policy.
    func score(idleSeconds: UInt32, frequency: UInt8, deadline: Int64, random: UInt64) -> Int64 {
        switch self {
        case .noEviction, .allKeysAdaptive: .min
        case .allKeysLRU, .volatileLRU: Int64(idleSeconds)
        // Among equally rare ones the idle one goes.
        case .allKeysLFU, .volatileLFU: Int64(255 - frequency) << 32 | Int64(idleSeconds)
        case .allKeysRandom, .volatileRandom: Int64(truncatingIfNeeded: random >> 1)
        case .volatileTTL: -deadline
        }
    }
}
