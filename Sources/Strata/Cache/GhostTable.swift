import CStrata

/// What is remembered of entries that were evicted: four bytes each, for about as long as the model looks back.
///
/// ```
/// 31           20 19           8 7       3 2      0
/// ┌──────────────┬──────────────┬─────────┬────────┐
/// │ fingerprint  │ coarse tick  │ octave  │ count  │   0 is a free place
/// └──────────────┴──────────────┴─────────┴────────┘
/// ```
///
/// Eight places are a set of 32 bytes; a new one takes the place of the oldest of its set. A wrong match (1 in 500 misses)
/// makes a new entry look like an old one, which costs little. `count` is the group of ``ReuseModel/classNumber(requests:octave:)`` plus one.
struct GhostTable: ~Copyable {
    /// How many places a set has.
    private static let ways = 8
    /// Up to how many entries a cache is small: its history costs half a megabyte at most.
    private static let smallScale: UInt32 = 16_384
    /// Places per entry of a small cache, as far as the model looks back.
    private static let smallFactor: UInt64 = 8
    /// Places per entry of a large cache.
    private static let largeFactor: UInt64 = 2

    let setCount: UInt32
    let places: UnsafeMutablePointer<UInt32>
    private let tickShift: UInt32
    private let horizon: UInt32

    /// Makes an empty table for a cache of so many entries.
    init(scale: UInt32, horizon: UInt32) {
        let factor = scale <= Self.smallScale ? Self.smallFactor : Self.largeFactor
        setCount = max(UInt32(min(UInt64(scale) * factor / 8, 1 << 27)), 1)
        // One line holds two sets.
        places = UnsafeMutableRawPointer.allocate(byteCount: Int(setCount) * Self.ways * 4, alignment: 64)
            .assumingMemoryBound(to: UInt32.self)
        places.initialize(repeating: 0, count: Int(setCount) * Self.ways)
        var shift: UInt32 = 0
        while horizon >> shift >= 2040 { shift += 1 }
        tickShift = shift
        self.horizon = horizon
    }

    /// Makes an empty table for about so many evicted entries.
    init(capacity: Int, horizon: UInt32) {
        // What the other way of making one multiplies with.
        self.init(scale: UInt32(clamping: capacity / Int(Self.smallFactor)), horizon: horizon)
    }

    deinit { places.deallocate() }

    /// The memory it takes.
    var byteCount: Int { capacity * 4 }

    /// How many entries it remembers at most.
    var capacity: Int { Int(setCount) * Self.ways }

    @inline(__always)
    private func set(of fragment: UInt32) -> UnsafeMutablePointer<UInt32> {
        Self.set(of: fragment, places, setCount: setCount)
    }

    @inline(__always)
    private static func set(
        of fragment: UInt32, _ places: UnsafeMutablePointer<UInt32>, setCount: UInt32
    ) -> UnsafeMutablePointer<UInt32> {
        let spread = fragment &* 0x9E37_79B1
        return places + Int((UInt64(spread) * UInt64(setCount)) >> 32) * ways
    }

    @inline(__always)
    private func fingerprint(of fragment: UInt32) -> UInt32 { (fragment ^ fragment >> 15) & 0xFFF }

    @inline(__always)
    private func coarse(_ tick: UInt32) -> UInt32 { (tick & ReuseWord.tickMask) >> tickShift & 0xFFF }

    /// Asks the processor for what is remembered of a key.
    @inline(__always)
    func prefetch(fragment: UInt32) { strata_prefetch(set(of: fragment)) }

    /// The same without the lock, given what may be former places: asking for memory that is gone does nothing.
    @inline(__always)
    static func prefetch(fragment: UInt32, _ places: UnsafeMutablePointer<UInt32>, setCount: UInt32) {
        strata_prefetch(set(of: fragment, places, setCount: setCount))
    }

    /// Remembers an entry that goes.
    func insert(_ word: ReuseWord, at now: UInt32) {
        let set = set(of: word.fragment)
        let present = coarse(now)
        var chosen = 0
        var oldest: UInt32 = 0
        for way in 0..<Self.ways {
            let age = set[way] == 0 ? .max : (present &- (set[way] >> 8)) & 0xFFF
            if age >= oldest {
                oldest = age
                chosen = way
            }
        }
        let group = ReuseWord.group(ofRequests: word.requests)
        set[chosen] = fingerprint(of: word.fragment) << 20 | coarse(word.tick) << 8 | word.octave << 3 | (group + 1)
    }

    /// Takes out what is remembered of a key.
    ///
    /// - Returns: The number of requests and the age of the last, `nil` if there is nothing or it is too old.
    func take(fragment: UInt32, at now: UInt32) -> (requests: UInt32, age: UInt32)? {
        let set = set(of: fragment)
        let wanted = fingerprint(of: fragment)
        for way in 0..<Self.ways where set[way] != 0 && set[way] >> 20 == wanted {
            let found = set[way]
            set[way] = 0
            let age = ((coarse(now) &- (found >> 8)) & 0xFFF) << tickShift
            guard age <= horizon else { return nil }
            let group = found & 7 - 1
            // The smallest number of its group: 1, 2, 3, 5, 9.
            return (group <= 1 ? group + 1 : 1 << (group - 1) + 1, age)
        }
        return nil
    }
}
