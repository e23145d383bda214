/// The part of a cluster's key space that a key belongs to: one of 16 384.
///
/// Source: Redis Cluster specification, key distribution model.
///
/// The slot is the CRC-16 (XMODEM: polynomial 0x1021, initial value 0, nothing reflected) of the key modulo 16 384; of a key with
/// something between its first `{` and the first `}` behind it, the CRC-16 of that.
public struct HashSlot: Hashable, Sendable {
    /// How many slots there are.
    public static let count = 16384

    /// The slot's number, from 0.
    public var number: Int

    /// The slot of a number.
    public init(_ number: Int) { self.number = number }

    /// The slot of a key.
    ///
    /// - Complexity: O(length of the key).
    public init(of key: [UInt8]) { number = Int(Self.checksum(Self.tag(of: key))) & (Self.count - 1) }

    /// The part of a key that decides its slot.
    static func tag(of key: [UInt8]) -> ArraySlice<UInt8> {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
        let rest = key[(open + 1)...]
        guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > open + 1 else { return key[...] }
        return rest[..<close]
    }

    /// The CRC-16 of bytes.
    static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes { crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ byte)] }
        return crc
    }

    private static let table: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index) << 8) { crc, _ in crc & 0x8000 != 0 ? crc << 1 ^ 0x1021 : crc << 1 }
    }

    /// A short text that, in braces, puts any key into this slot: the least whole number with that slot.
    ///
    /// The same in every process, so that names made with it agree.
    var tag: String { Self.tags[number] }

    private static let tags: [String] = {
        var tags = [String](repeating: "", count: count)
        var missing = count
        var candidate = 0
        while missing > 0 {
            let text = String(candidate)
            let slot = Int(checksum(text.utf8)) & (count - 1)
            if tags[slot].isEmpty {
                tags[slot] = text
                missing -= 1
            }
            candidate += 1
        }
        return tags
    }()
}
