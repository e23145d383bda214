public import CStrata

/// Keyed hashes of strings that agree with `==`, without Unicode's rules where they make no difference.
///
/// Equal strings may have different bytes: a letter with an accent is one scalar or two. So `String`'s own hash normalises, feeds SipHash
/// and takes 60 to 100 ns for a short key. But a string of ASCII alone is normal as it is, and equal only to strings with the same bytes, three
/// scalars aside (``lookalikes``). Its bytes are hashed as bytes; all other strings go through their own `hash(into:)`.
///
/// An ASCII string of up to 15 bytes usually is two words in registers, the bytes and their count: those are hashed as they are. Whether this
/// runtime lays short strings out that way is looked at once; strings with another representation of the same bytes, or all if the
/// layout is unknown, are brought into that form first. So the hash never depends on the representation.
@usableFromInline
enum StringHashing {
    /// The hash of a string whose two words these are, if it is short and ASCII and the layout is known.
    @inlinable @inline(__always)
    static func shortHash(_ words: (UInt64, UInt64), _ key: HashKey) -> UInt64? {
        guard words.1 &>> 60 == 0xe, strata_short_strings_are_known() else { return nil }
        return key.hash(words.0, words.1)
    }

    /// The hash of any string.
    @usableFromInline @inline(never)
    static func hash(_ string: String, _ key: HashKey) -> UInt64 {
        let hash = string.utf8.withContiguousStorageIfAvailable { asciiHash(UnsafeRawBufferPointer($0), key) }
        // Strings of other systems, which have no UTF-8 to lend.
        if let hash = hash ?? Array(string.utf8).withUnsafeBytes({ asciiHash($0, key) }) { return hash }
        if let plain = withoutLookalikes(string) { return plain.withUnsafeBytes { asciiHash($0, key) } ?? 0 }
        return UInt64(truncatingIfNeeded: string._rawHashValue(seed: Int(truncatingIfNeeded: key.high)))
    }

    /// The hash of bytes if they are all ASCII.
    private static func asciiHash(_ bytes: UnsafeRawBufferPointer, _ key: HashKey) -> UInt64? {
        guard isASCII(bytes) else { return nil }
        guard bytes.count <= 15 else { return key.hash(bytes) }
        let words = shortForm(bytes)
        return key.hash(words.0, words.1)
    }

    /// The words of a short ASCII string.
    private static func shortForm(_ bytes: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        // SAFETY: at most 15 bytes into 16.
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
        return (words.0.littleEndian, words.1.littleEndian | UInt64(0xe0 | bytes.count) << 56)
    }

    private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var seen: UInt64 = 0
        var index = 0
        while index &+ 8 <= bytes.count {
            seen |= bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            index &+= 8
        }
        while index < bytes.count {
            seen |= UInt64(bytes[index])
            index &+= 1
        }
        return seen & 0x8080_8080_8080_8080 == 0
    }

    /// The only scalars that are canonically equal to ASCII (Unicode Character Database, singleton decompositions): the Greek question
    /// mark, varia, and the Kelvin sign.
    static let lookalikes: [Unicode.Scalar: UInt8] = [
        "\u{37e}": UInt8(ascii: ";"), "\u{1fef}": UInt8(ascii: "`"), "\u{212a}": UInt8(ascii: "K"),
    ]

    /// The bytes of the ASCII string that a string equals; `nil` if there is none.
    private static func withoutLookalikes(_ string: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in string.unicodeScalars {
            guard let byte = scalar.isASCII ? UInt8(scalar.value) : lookalikes[scalar] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// Looks whether short strings are laid out as ``shortForm(_:)`` does it, and lets ``shortHash(_:_:)`` know.
    ///
    /// To be called before a map with such keys is used; any number of times, from any thread.
    @usableFromInline
    static func learnLayout() {
        guard MemoryLayout<String>.size == 16, !strata_short_strings_are_known() else { return }
        let samples = ["", "a", "seven b", "eight by", "nine byte", "fifteen bytes.."]
        let isKnown = samples.allSatisfy { sample in
            // Made at run time, and so in the form that other such strings have.
            let string = String(decoding: Array(sample.utf8), as: UTF8.self)
            let words = unsafeBitCast(string, to: (UInt64, UInt64).self)
            return Array(sample.utf8).withUnsafeBytes { shortForm($0) == words }
        }
        if isKnown { strata_short_strings_become_known() }
    }
}
