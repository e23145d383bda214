/// Ordering of byte strings by their bytes, and what follows from it.
enum ByteOrder {
    /// Whether `left` comes before `right`.
    static func precedes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
        let common = min(left.count, right.count)
        var position = 0
        while position < common {
            if left[position] != right[position] { return left[position] < right[position] }
            position += 1
        }
        return left.count < right.count
    }

    /// The first eight bytes as a number that orders like them; shorter strings are filled up with zeros.
    static func prefix(of bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        if bytes.count >= 8, let base = bytes.baseAddress {
            // SAFETY: eight bytes are there, and an unaligned load has no other condition.
            return UInt64(bigEndian: UnsafeRawPointer(base).loadUnaligned(as: UInt64.self))
        }
        var prefix: UInt64 = 0
        for byte in bytes { prefix = prefix << 8 | UInt64(byte) }
        return bytes.isEmpty ? 0 : prefix << UInt64(8 * (8 - bytes.count))
    }

    /// The positions of the given strings in their order.
    ///
    /// Most comparisons are of one number, the strings' first bytes.
    static func sortedPositions(count: Int, _ bytes: (Int) -> UnsafeBufferPointer<UInt8>) -> [Int32] {
        var keys: [(prefix: UInt64, position: Int32)] = []
        keys.reserveCapacity(count)
        for position in 0..<count { keys.append((prefix(of: bytes(position)), Int32(position))) }
        keys.sort { left, right in
            left.prefix != right.prefix
                ? left.prefix < right.prefix
                : precedes(bytes(Int(left.position)), bytes(Int(right.position)))
        }
        return keys.map(\.position)
    }

    /// A string that occurs more than once, if there is one.
    static func firstRepeated(in strings: [UnsafeBufferPointer<UInt8>]) -> UnsafeBufferPointer<UInt8>? {
        let order = sortedPositions(count: strings.count) { strings[$0] }
        var previous: UnsafeBufferPointer<UInt8>?
        for position in order {
            let string = strings[Int(position)]
            if let previous, previous.elementsEqual(string) { return string }
            previous = string
        }
        return nil
    }
}
