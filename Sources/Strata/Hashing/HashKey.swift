public import CStrata

/// The secret 128 bits that make one map's hashes unpredictable from outside.
///
/// Byte strings go through a keyed hash without collisions that hold for every key (four AES rounds per 16 bytes, or
/// SipHash-1-3 where the processor has no AES); integers through two keyed multiply-and-fold steps. Both spread their
/// input over all 64 bits: tables take the fingerprint from the low byte, the shard from the bits above it and the
/// position from the high bits.
///
/// Hashes differ between processes and between maps: never store or send them.
@frozen
public struct HashKey: Sendable {
    @usableFromInline let low: UInt64
    @usableFromInline let high: UInt64

    /// A key from the kernel's random source.
    public init() {
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { strata_random_bytes($0.baseAddress, $0.count) }
        self.init(seed: words.0, words.1)
    }

    /// A fixed key, for tests that must repeat exactly.
    @inlinable
    public init(seed low: UInt64, _ high: UInt64 = 0x9e37_79b9_7f4a_7c15) {
        // Odd: the multiplications below must not lose bits of their input.
        self.low = low
        self.high = high | 1
    }

    /// Hashes a byte string.
    ///
    /// - Complexity: O(count); about 3 ns for up to 16 bytes and 5 ns for each further 16.
    @inlinable @inline(__always)
    public func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        strata_hash_bytes(bytes.baseAddress, bytes.count, strata_hash_key(low: low, high: high))
    }

    /// Hashes two words in about 3 ns, as safely as a byte string.
    @inlinable @inline(__always)
    public func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
        strata_hash_words(first, second, strata_hash_key(low: low, high: high))
    }

    /// Hashes an integer in 1–2 ns.
    @inlinable @inline(__always)
    public func hash(_ value: UInt64) -> UInt64 {
        let first = (value ^ low).multipliedFullWidth(by: high)
        let second = (first.high ^ first.low ^ high).multipliedFullWidth(by: 0x9e37_79b9_7f4a_7c15)
        return second.high ^ second.low
    }
}
