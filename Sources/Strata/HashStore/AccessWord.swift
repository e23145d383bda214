import CStrata

/// How recently and how often an entry was used, in one 64-bit word.
///
/// ```
/// 63                     32 31       24 23                             0
/// ┌────────────────────────┬──────────┬────────────────────────────────┐
/// │ ReuseStamp             │ counter  │ second of the last access      │   seconds wrap around after 194 days
/// └────────────────────────┴──────────┴────────────────────────────────┘
/// ```
///
/// The counter is Redis' logarithmic one (redis.io, "Approximated LFU"): it starts at 5, an access raises it with
/// probability 1 / ((counter - 5) × 10 + 1), and it falls by one for every minute without an access. 255 stands for
/// about a million accesses. All parts are kept under every policy, so that a change of policy finds them filled.
///
/// Lock-free readers replace the word with a plain store; of two at once, one access may go uncounted.
struct AccessWord {
    /// The stored word.
    let bits: UInt64

    /// The counter of a new entry: room to fall below what is used, so that new entries aren't the first to go.
    static let initialFrequency: UInt8 = 5
    /// How much harder each further step of the counter is.
    private static let logarithmFactor: UInt32 = 10

    /// The word of an entry that is created at `now`.
    init(createdAt now: Int64) {
        self.init(frequency: Self.initialFrequency, second: Self.second(of: now), stamp: ReuseStamp(bits: 0))
    }

    /// A stored word.
    init(bits: UInt64) { self.bits = bits }

    /// The word of an entry that was last used so many seconds before `now`, at most half of the range of seconds.
    init(frequency: UInt8, idleSeconds: Int64, now: Int64) {
        let idle = UInt32(min(max(idleSeconds, 0), 0x7f_ffff))
        self.init(
            frequency: frequency, second: (Self.second(of: now) &- idle) & 0xff_ffff, stamp: ReuseStamp(bits: 0))
    }

    @inline(__always)
    private init(frequency: UInt8, second: UInt32, stamp: ReuseStamp) {
        bits = UInt64(stamp.bits) << 32 | UInt64(frequency) << 24 | UInt64(second)
    }

    /// What the adaptive policy goes by.
    @inline(__always)
    var stamp: ReuseStamp { ReuseStamp(bits: UInt32(truncatingIfNeeded: bits >> 32)) }

    /// The word with another stamp.
    func with(_ stamp: ReuseStamp) -> AccessWord { AccessWord(bits: UInt64(stamp.bits) << 32 | bits & 0xffff_ffff) }

    /// The tick as wrapping seconds.
    private static func second(of now: Int64) -> UInt32 {
        UInt32(truncatingIfNeeded: now / 1000) & 0xff_ffff
    }

    private var lastSecond: UInt32 { UInt32(truncatingIfNeeded: bits) & 0xff_ffff }

    private var counter: UInt32 { UInt32(truncatingIfNeeded: bits >> 24) & 0xff }

    /// Whole seconds since the last access.
    func idleSeconds(at now: Int64) -> UInt32 {
        (Self.second(of: now) &- lastSecond) & 0xff_ffff
    }

    /// The counter, less what it lost since the last access.
    func frequency(at now: Int64) -> UInt8 {
        let nowSecond = Self.second(of: now)
        // A second before the last access is a reader with an older idea of now, not 194 idle days.
        let idle = (nowSecond &- lastSecond) & 0xff_ffff
        guard idle < 0x80_0000 else { return UInt8(counter) }
        let minutes = (lastSecond % 60 + idle) / 60
        return UInt8(counter > minutes ? counter - minutes : 0)
    }

    /// The word with the present second and the counter as it has decayed.
    @inline(__always)
    func refreshed(at now: Int64) -> AccessWord {
        let second = Self.second(of: now)
        let frequency = second == lastSecond ? UInt8(counter) : frequency(at: now)
        return AccessWord(frequency: frequency, second: second, stamp: stamp)
    }

    /// The word after one more access.
    ///
    /// - Parameters:
    ///   - now: The current tick.
    ///   - random: Evenly spread over all 32-bit numbers.
    /// - Returns: What to store in its place.
    @inline(__always)
    func accessed(at now: Int64, random: @autoclosure () -> UInt32) -> AccessWord {
        let second = Self.second(of: now)
        var counter = second == lastSecond ? UInt8(counter) : frequency(at: now)
        if counter <= Self.initialFrequency {
            counter += 1
        } else if counter < .max {
            let odds = UInt64(counter - Self.initialFrequency) * UInt64(Self.logarithmFactor) + 1
            // Less than 1 / odds of the range, without a division.
            if UInt64(random()) * odds <= UInt64(UInt32.max) { counter += 1 }
        }
        return AccessWord(frequency: counter, second: second, stamp: stamp)
    }
}
