package import Strata

/// A map that is measured, used by several threads at once.
///
/// Conforming types are final and their methods inlined, and code that measures is generic over them: the compiler makes a loop of its
/// own for each, as it would in a program that uses the map directly.
package protocol MapSubject<Key, Value>: AnyObject, Sendable {
    /// What it is asked for.
    associatedtype Key: SubjectKey
    /// What it answers.
    associatedtype Value: SubjectValue

    /// What it is called in reports.
    static var title: String { get }

    /// Makes an empty map.
    init()
    /// The value of a key.
    func value(forKey key: Key) -> Value?
    /// Gives a key a value.
    func setValue(_ value: Value, forKey key: Key)
    /// Takes a key out.
    func removeValue(forKey key: Key)
    /// Replaces the value of a key by one made from it, so that no update of another thread is lost.
    func modifyValue(forKey key: Key, _ change: (Value?) -> Value)

    /// The values of many keys; subjects that have no better way look them up one by one.
    func values(forKeys keys: ArraySlice<Key>) -> [Value?]
    /// Whether the subject has a better way.
    static var hasBulkReads: Bool { get }
    /// The most slots that any single operation has moved, as the subject itself counts; `nil` if it doesn't.
    var maximumSlotsMoved: Int? { get }
    /// The memory it holds as it counts itself; `nil` if it doesn't.
    var byteCount: Int? { get }
}

extension MapSubject {
    /// Looks the keys up one by one.
    package func values(forKeys keys: ArraySlice<Key>) -> [Value?] { keys.map { value(forKey: $0) } }
    /// No better way.
    package static var hasBulkReads: Bool { false }
    /// Not counted.
    package var maximumSlotsMoved: Int? { nil }
    /// Not counted.
    package var byteCount: Int? { nil }
}

/// A key that the lab can make: the key of a rank.
package protocol SubjectKey: Hashable, Sendable {
    /// The key that stands for 64 bits.
    init(bits: UInt64)
    /// Some of its bits, for subjects that spread keys over shards themselves.
    var shardBits: Int { get }
}

/// A value that the lab can make and look at.
package protocol SubjectValue: Sendable {
    /// Some value.
    init(bits: UInt64)
    /// Something that depends on the whole value, so that reading it can't be left out.
    var checksum: UInt64 { get }
}

extension UInt64: SubjectKey, SubjectValue {
    /// The bits themselves.
    @inline(__always)
    package init(bits: UInt64) { self = bits }
    /// The upper bits after a multiplication.
    @inline(__always)
    package var shardBits: Int { Int(truncatingIfNeeded: (self &* 0x9e37_79b9_7f4a_7c15) >> 48) }
    /// The value itself.
    @inline(__always)
    package var checksum: UInt64 { self }
}

/// Keys of twelve bytes, as names and identifiers in text are: the last twelve decimal digits of a number.
extension ShortBytes: SubjectKey {
    /// The digits.
    package init(bits: UInt64) {
        var rest = bits
        var digits = InlineArray<12, UInt8>(repeating: 0)
        for index in digits.indices.reversed() {
            digits[index] = UInt8(0x30 + rest % 10)
            rest /= 10
        }
        guard let bytes = ShortBytes(digits.span) else { preconditionFailure("twelve bytes fit") }
        self = bytes
    }

    /// The upper bits of a mix of the digits.
    @inline(__always)
    package var shardBits: Int {
        let words = unsafeBitCast(self, to: (UInt64, UInt64).self)
        return Int(truncatingIfNeeded: ((words.0 ^ words.1) &* 0x9e37_79b9_7f4a_7c15) >> 48)
    }
}

extension String: SubjectKey {
    /// The digits, as a string that was put together while the program ran.
    package init(bits: UInt64) { self = ShortBytes(bits: bits).description }

    /// The upper bits of the hash: what there is to spread strings by.
    @inline(__always)
    package var shardBits: Int { Int(bitPattern: UInt(bitPattern: hashValue) >> 48) }
}

/// A value of 32 bytes.
package struct FourWords: SubjectValue {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Four words.
    @inline(__always)
    package init(bits: UInt64) { words = (bits, bits &+ 1, bits &+ 2, bits &+ 3) }
    /// All words together.
    @inline(__always)
    package var checksum: UInt64 { words.0 ^ words.1 ^ words.2 ^ words.3 }
}
