/// When, how often and after which gap an entry was asked for: what the adaptive policy knows of it.
///
/// ```
/// 31            9 8      5 4      0
/// ┌──────────────┬────────┬────────┐
/// │     tick     │requests│ octave │   as in ReuseWord, but for a tick of 23 bits
/// └──────────────┴────────┴────────┘
/// ```
///
/// Ticks are counted by all stores of a budget together, one for every ``insertionsPerTick`` keys that a shard has taken in
/// (see `RequestLog`), so that there is one measure of age for all entries that compete.
struct ReuseStamp {
    /// The stored bits.
    let bits: UInt32

    /// How many insertions into a shard are a tick.
    ///
    /// More would be too coarse for small stores; with less, the horizon of large ones, of which 23 bits must hold the
    /// double, would be short: now it is full up to four million keys.
    static let insertionsPerTick = 8
    private static let tickMask: UInt32 = 0x7f_ffff
    private static let maximumRequests: UInt32 = 15

    @inline(__always)
    init(bits: UInt32) { self.bits = bits }

    @inline(__always)
    init(tick: UInt32, requests: UInt32, octave: UInt32) {
        bits = (tick & Self.tickMask) << 9 | min(requests, Self.maximumRequests) << 5 | octave & 31
    }

    @inline(__always) private var tick: UInt32 { bits >> 9 }
    @inline(__always) var requests: UInt32 { bits >> 5 & 15 }
    @inline(__always) var octave: UInt32 { bits & 31 }

    /// How many ticks ago the entry was last asked for.
    @inline(__always)
    func age(at now: UInt32) -> UInt32 { (now &- tick) & Self.tickMask }

    /// The stamp after one more request.
    @inline(__always)
    func requested(at now: UInt32) -> ReuseStamp {
        ReuseStamp(tick: now, requests: requests + 1, octave: ReuseAge.octave(age(at: now)))
    }

    /// The same for the policy's parts, which count ages in more bits and know the key.
    func word(hash: UInt64, now: UInt32) -> ReuseWord {
        ReuseWord(
            tick: (now &- age(at: now)) & ReuseWord.tickMask, requests: max(requests, 1), octave: octave,
            fragment: ReuseWord.fragment(of: hash))
    }
}
