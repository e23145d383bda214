/// The fields of a compact hash as they lie in its block, back to back.
///
/// ```
/// ┌──────────────────────────┬──────┬──────────────┬───────┬───────────────────┐
/// │ name length × 2 + has    │ name │ value length │ value │ deadline, 8 bytes │  … next field
/// │ deadline (varint)        │      │ (varint)     │       │ (if so marked)    │
/// └──────────────────────────┴──────┴──────────────┴───────┴───────────────────┘
/// ```
///
/// Varints hold 7 bits a byte, the lowest first. Fields keep the order in which they were first set. A view is immutable
/// and safe to read for as long as its block is.
struct CompactFields {
    /// The encoded fields.
    let bytes: Bytes

    /// One field as it lies in the block.
    struct Field {
        let name: Bytes
        let value: Bytes
        /// `Deadline.none` without.
        let deadline: Int64
        /// The encoded bytes of the whole field.
        let encoded: Bytes
    }

    /// A view of encoded fields.
    @inline(__always)
    init(_ bytes: Bytes) { self.bytes = bytes }

    /// Goes over the fields in order.
    struct Iterator {
        private var position: UnsafeRawPointer
        private let end: UnsafeRawPointer

        @inline(__always)
        init(_ bytes: Bytes) {
            // SAFETY: views of blocks always have an address.
            position = bytes.baseAddress.unsafelyUnwrapped
            end = position + bytes.count
        }

        /// The next field.
        @inline(__always)
        mutating func next() -> Field? {
            guard position < end else { return nil }
            let start = position
            let head = Varint.read(&position)
            let name = Bytes(start: position, count: head >> 1)
            position += head >> 1
            let valueLength = Varint.read(&position)
            let value = Bytes(start: position, count: valueLength)
            position += valueLength
            var deadline = Deadline.none
            if head & 1 != 0 {
                deadline = position.loadUnaligned(as: Int64.self)
                position += 8
            }
            return Field(
                name: name, value: value, deadline: deadline, encoded: Bytes(start: start, count: position - start))
        }
    }

    @inline(__always)
    func makeIterator() -> Iterator { Iterator(bytes) }

    /// The field with this name, expired or not.
    ///
    /// - Complexity: O(fields before it), one comparison of lengths each and one of bytes where they agree.
    @inline(__always)
    func field(_ name: Bytes) -> Field? {
        var iterator = makeIterator()
        while let field = iterator.next() {
            if field.name.hasSameBytes(as: name) { return field }
        }
        return nil
    }

    /// The earliest deadline of any field, `Deadline.none` without.
    func earliestDeadline() -> Int64 {
        var iterator = makeIterator()
        var earliest = Deadline.none
        while let field = iterator.next() {
            earliest = min(earliest, field.deadline)
        }
        return earliest
    }

    /// The length of a field once encoded.
    @inline(__always)
    static func encodedLength(nameLength: Int, valueLength: Int, hasDeadline: Bool) -> Int {
        Varint.length(of: nameLength << 1) + nameLength + Varint.length(of: valueLength) + valueLength
            + (hasDeadline ? 8 : 0)
    }

    /// Encodes a field to a place with enough room and returns the place behind it.
    @inline(__always)
    static func write(
        name: Bytes, value: Bytes, deadline: Int64, to place: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        let hasDeadline = deadline != Deadline.none
        var place = place
        Varint.write(name.count << 1 | (hasDeadline ? 1 : 0), to: &place)
        place = place.writing(name)
        Varint.write(value.count, to: &place)
        place = place.writing(value)
        if hasDeadline {
            place.storeBytes(of: deadline, as: Int64.self)
            place += 8
        }
        return place
    }
}

/// Small numbers in few bytes: 7 bits a byte, the lowest first, the top bit set in all but the last.
enum Varint {
    /// Reads a number and moves behind it.
    @inline(__always)
    static func read(_ place: inout UnsafeRawPointer) -> Int {
        let first = place.load(as: UInt8.self)
        place += 1
        if first < 0x80 { return Int(first) }
        return readRest(Int(first & 0x7f), &place)
    }

    private static func readRest(_ low: Int, _ place: inout UnsafeRawPointer) -> Int {
        var value = low
        var shift = 7
        while true {
            let byte = place.load(as: UInt8.self)
            place += 1
            value |= Int(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Writes a number that isn't negative and moves behind it.
    @inline(__always)
    static func write(_ value: Int, to place: inout UnsafeMutableRawPointer) {
        var rest = value
        while rest >= 0x80 {
            place.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, as: UInt8.self)
            place += 1
            rest >>= 7
        }
        place.storeBytes(of: UInt8(truncatingIfNeeded: rest), as: UInt8.self)
        place += 1
    }

    /// The number of bytes that `write` takes.
    @inline(__always)
    static func length(of value: Int) -> Int {
        value < 0x80 ? 1 : (value.bitWidth - value.leadingZeroBitCount + 6) / 7
    }
}
