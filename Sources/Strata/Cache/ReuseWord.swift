/// What the policy remembers of one resident entry, in one 64-bit word that a hit replaces with a plain store.
///
/// ```
/// 63       40 39      36 35      31 30                   0
/// ┌──────────┬──────────┬──────────┬──────────────────────┐
/// │   tick   │ requests │  octave  │      fragment        │
/// └──────────┴──────────┴──────────┴──────────────────────┘
///    24 bits    4 bits     5 bits         31 bits
/// ```
///
/// - `tick`: when it was last asked for, in insertions, wrapping around.
/// - `requests`: how often it was asked for as far as anyone remembers, 1 to 15 (15 stands for all more).
/// - `octave`: the binary logarithm of the age at which it was last asked for again; meaningless while `requests` is 1.
/// - `fragment`: low bits of the hash, for the record that stays behind when the entry goes.
///
/// Two hits at once may lose one of them. A hit that comes after the slot was given to another entry writes a word that is wrong
/// and harmless: whether a slot is in use and what it weighs is kept elsewhere.
@frozen
@usableFromInline
struct ReuseWord {
    /// The stored word.
    @usableFromInline
    let bits: UInt64

    /// The bits of a tick.
    @inlinable static var tickMask: UInt32 { 0xFF_FFFF }
    /// Where counting requests stops.
    @inlinable static var maximumRequests: UInt32 { 15 }
    /// The bits of the hash that are kept.
    @inlinable static var fragmentMask: UInt32 { 0x7FFF_FFFF }

    /// The bits of a hash that are kept.
    @inline(__always)
    static func fragment(of hash: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: hash) & fragmentMask }

    /// A stored word.
    @inlinable @inline(__always)
    init(bits: UInt64) { self.bits = bits }

    /// A word of its parts.
    @inlinable @inline(__always)
    init(tick: UInt32, requests: UInt32, octave: UInt32, fragment: UInt32) {
        bits = UInt64(tick) << 40 | UInt64(requests) << 36 | UInt64(octave) << 31 | UInt64(fragment)
    }

    /// The word of a slot without an entry, worth more than any other.
    static var free: ReuseWord { ReuseWord(bits: 0) }

    /// When the entry was last asked for.
    @inlinable @inline(__always) var tick: UInt32 { UInt32(truncatingIfNeeded: bits >> 40) }
    /// How often it was asked for.
    @inlinable @inline(__always) var requests: UInt32 { UInt32(truncatingIfNeeded: bits >> 36) & 15 }
    /// The octave of the last gap.
    @inlinable @inline(__always) var octave: UInt32 { UInt32(truncatingIfNeeded: bits >> 31) & 31 }
    /// Low bits of the hash.
    @inlinable @inline(__always) var fragment: UInt32 { UInt32(truncatingIfNeeded: bits) & Self.fragmentMask }

    /// Where the bits begin that tell the class: requests and octave.
    static let classShift: UInt64 = 31
    /// How many combinations of them there are.
    static let classBitsCount = 512
    /// Requests and octave as one number.
    @inline(__always)
    var classBits: Int { Int(truncatingIfNeeded: bits >> Self.classShift) & (Self.classBitsCount - 1) }

    /// How many insertions ago the entry was last asked for.
    @inlinable @inline(__always)
    func age(at now: UInt32) -> UInt32 { (now &- tick) & Self.tickMask }

    /// The group of the number of requests that the model tells apart: 1, 2, 3–4, 5–8, more.
    static func group(ofRequests requests: UInt32) -> UInt32 {
        requests <= 1 ? 0 : min(32 - UInt32(truncatingIfNeeded: (requests - 1).leadingZeroBitCount), 4)
    }

    /// The word after one more request.
    @inlinable @inline(__always)
    func requested(at now: UInt32) -> ReuseWord {
        let count = requests
        return ReuseWord(
            tick: now & Self.tickMask, requests: count &+ (count < Self.maximumRequests ? 1 : 0),
            octave: ReuseAge.octave(age(at: now)), fragment: fragment)
    }
}
