/// The checksum at the end of a `DUMP` payload: CRC-64 with the ECMA-182 polynomial, bits reflected.
///
/// It finds payloads that were cut or changed on the way; it is no protection against someone who wants to forge one,
/// so the decoder checks every length all the same.
struct PayloadChecksum {
    /// The reflected polynomial of ECMA-182.
    private static let polynomial: UInt64 = 0xC96C_5795_D787_0F42

    /// The remainder of each byte value.
    private static let table: [UInt64] = (0..<256).map { byte in
        (0..<8).reduce(UInt64(byte)) { remainder, _ in
            remainder & 1 == 1 ? (remainder >> 1) ^ polynomial : remainder >> 1
        }
    }

    /// The checksum of some bytes.
    ///
    /// - Complexity: One table look-up per byte.
    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        table.withUnsafeBufferPointer { table in
            var remainder = UInt64.max
            for byte in bytes {
                remainder = (remainder >> 8) ^ table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
            }
            return ~remainder
        }
    }
}
