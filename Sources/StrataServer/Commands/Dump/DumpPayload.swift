import Strata

/// A value as `DUMP` hands it out and `RESTORE` takes it back.
///
/// ```
/// string   kind 1 | bytes to the footer
/// hash     kind 2 | count | count × (name length, name, value length, value, deadline + 1 or 0)
/// footer   version, 2 bytes | checksum of all before it, 8 bytes
/// ```
///
/// Counts, lengths and deadlines (milliseconds since 1970) are variable-length integers, seven bits to a byte, the low
/// ones first; the footer's integers are little-endian. The deadline of the key itself is not part of the payload. The
/// versions of other servers are smaller numbers, so their payloads are refused by the version and ours by theirs.
enum DumpPayload {
    /// The version this server writes, and the only one it reads.
    static let version: UInt16 = 0x5301

    private static let stringKind: UInt8 = 1
    private static let hashKind: UInt8 = 2
    private static let footerLength = 10

    /// The payload of an entry.
    ///
    /// - Parameters:
    ///   - entry: The value.
    ///   - now: The time in ticks; fields whose deadline has passed are left out.
    /// - Returns: The payload with its footer.
    static func encode(_ entry: HashStore.Entry, now: Int64) -> [UInt8] {
        var payload: [UInt8] = []
        switch entry.kind {
        case .string:
            payload.append(stringKind)
            payload.append(contentsOf: entry.stringBytes)
        case .hash:
            payload.append(hashKind)
            append(UInt64(entry.liveFieldCount(now: now)), to: &payload)
            entry.forEachField(now: now) { name, value, deadline in
                append(UInt64(name.count), to: &payload)
                payload.append(contentsOf: name)
                append(UInt64(value.count), to: &payload)
                payload.append(contentsOf: value)
                let time = deadline.map { UInt64(clamping: WallClock.unixMilliseconds(fromTicks: $0)) &+ 1 } ?? 0
                append(time, to: &payload)
            }
        }
        withUnsafeBytes(of: version.littleEndian) { payload.append(contentsOf: $0) }
        let checksum = payload.withUnsafeBytes { PayloadChecksum.of($0) }
        withUnsafeBytes(of: checksum.littleEndian) { payload.append(contentsOf: $0) }
        return payload
    }

    private static func append(_ value: UInt64, to payload: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            payload.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        payload.append(UInt8(rest))
    }

    /// A decoded payload, as views of its bytes.
    enum Content {
        case string(UnsafeRawBufferPointer)
        case hash([Field])
    }

    /// One field of a decoded hash.
    struct Field {
        let name: UnsafeRawBufferPointer
        let value: UnsafeRawBufferPointer
        /// In ticks.
        let deadline: Int64?
    }

    /// Checks and takes a payload apart.
    ///
    /// - Returns: Views of the payload, valid as long as its bytes are.
    /// - Throws: A wrong version or checksum, or contents that don't add up.
    static func decode(_ payload: UnsafeRawBufferPointer) throws(CommandError) -> Content {
        guard payload.count >= footerLength, hasValidFooter(payload) else {
            throw CommandError("ERR DUMP payload version or checksum are wrong")
        }
        var reader = Reader(bytes: UnsafeRawBufferPointer(rebasing: payload.dropLast(footerLength)))
        guard let content = content(&reader) else { throw CommandError("ERR Bad data format") }
        return content
    }

    private static func hasValidFooter(_ payload: UnsafeRawBufferPointer) -> Bool {
        let footer = payload.count - footerLength
        let version = UInt16(littleEndian: payload.loadUnaligned(fromByteOffset: footer, as: UInt16.self))
        let checksum = UInt64(littleEndian: payload.loadUnaligned(fromByteOffset: footer + 2, as: UInt64.self))
        return version == Self.version
            && checksum == PayloadChecksum.of(UnsafeRawBufferPointer(rebasing: payload.dropLast(8)))
    }

    private static func content(_ reader: inout Reader) -> Content? {
        switch reader.byte() {
        case stringKind:
            return .string(reader.rest())
        case hashKind:
            guard let count = reader.integer(), count > 0, count <= UInt64(reader.remaining) else { return nil }
            var fields: [Field] = []
            // Not the count alone: it is a stranger's, and a field is larger here than in the payload.
            fields.reserveCapacity(min(Int(count), 1024))
            for _ in 0..<count {
                guard let name = reader.string(), let value = reader.string(), let time = reader.integer() else {
                    return nil
                }
                let deadline =
                    time == 0 ? nil : WallClock.ticks(fromUnixMilliseconds: Int64(clamping: time - 1))
                fields.append(Field(name: name, value: value, deadline: deadline))
            }
            return reader.remaining == 0 ? .hash(fields) : nil
        default:
            return nil
        }
    }

    /// Takes values from the front of some bytes; `nil` when there are not enough.
    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var position = 0

        var remaining: Int { bytes.count - position }

        mutating func byte() -> UInt8? {
            guard remaining > 0 else { return nil }
            position += 1
            return bytes[position - 1]
        }

        mutating func integer() -> UInt64? {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while let byte = byte() {
                guard shift < 63 || byte <= 1 else { return nil }
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            return nil
        }

        mutating func string() -> UnsafeRawBufferPointer? {
            guard let count = integer(), count <= UInt64(remaining) else { return nil }
            position += Int(count)
            return UnsafeRawBufferPointer(rebasing: bytes[position - Int(count)..<position])
        }

        mutating func rest() -> UnsafeRawBufferPointer {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[position...])
            position = bytes.count
            return rest
        }
    }
}
