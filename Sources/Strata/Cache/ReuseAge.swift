/// Ages on the scale the policy counts them: half octaves, two buckets for every doubling.
///
/// An age is a number of insertions into the cache. Ages below 4 have a bucket each.
@usableFromInline
enum ReuseAge {
    /// The bucket of an age.
    @inlinable @inline(__always)
    static func bucket(_ age: UInt32) -> Int {
        guard age >= 2 else { return Int(age) }
        let octave = 31 - age.leadingZeroBitCount
        return octave << 1 | Int(age >> UInt32(octave - 1)) & 1
    }

    /// The same for ages below 2²⁴, but that ages 0 and 1 count as one: without a branch.
    ///
    /// Exponent and first bit of the fraction of a floating-point number are what a bucket is.
    @inline(__always)
    static func quickBucket(_ age: UInt32) -> Int {
        Int(Float(Int32(truncatingIfNeeded: max(age, 1))).bitPattern >> 22) &- 254
    }

    /// The first age of a bucket.
    static func start(ofBucket bucket: Int) -> Float {
        guard bucket >= 4 else { return Float(bucket) }
        return Float(UInt64(2 + bucket & 1) << UInt64(bucket >> 1 - 1))
    }

    /// The whole binary logarithm of an age, 0 for age 0.
    @inlinable @inline(__always)
    static func octave(_ age: UInt32) -> UInt32 { UInt32(31 - (age | 1).leadingZeroBitCount) }
}
