/// The fields of one hash as a plain value: an ordered list of names and values, both raw bytes.
///
/// It is what ``HashRecordEncoder`` produces and ``HashRecordDecoder`` takes, and stands for the whole content of one
/// hash. All bytes lie in one array, so that a record of twelve fields costs two allocations and not twenty-four.
/// Names are not checked for being different here; a decoder refuses a record in which one occurs twice.
///
/// ```swift
/// var record = HashRecord()
/// record.append(name: "name", value: "Ada")
/// record.append(name: "address.city", value: "London")
/// let city = record.value(named: "address.city")
/// ```
public struct HashRecord: Sendable {
    /// One field: a copy of its name and its value.
    public struct Field: Sendable, Hashable {
        /// The field's name, which is a path where the record came from an encoder.
        public var name: [UInt8]
        /// The field's value.
        public var value: [UInt8]

        /// Makes a field of a name and a value.
        public init(name: [UInt8], value: [UInt8]) {
            self.name = name
            self.value = value
        }
    }

    /// Where one field lies in ``storage``: the name in `start..<nameEnd`, the value in `nameEnd..<end`.
    struct Bounds: Sendable {
        var start: Int
        var nameEnd: Int
        var end: Int
    }

    // Invariants
    // I1. `bounds` is in the order of appending and covers `storage` without gaps: each `start` is the `end` before it.
    // I2. Bytes of `storage` behind the last `end` exist only while a writer of this module is in the middle of a field.
    var storage: [UInt8] = []
    var bounds: [Bounds] = []

    /// Makes a record without fields.
    public init() {}

    /// Makes a record of the given fields, in their order.
    public init(_ fields: some Sequence<Field>) {
        for field in fields { append(name: field.name, value: field.value) }
    }

    /// The number of bytes of all names and values.
    public var byteCount: Int { storage.count }

    /// Makes room for a number of fields and for all their bytes.
    public mutating func reserveCapacity(fieldCount: Int, byteCount: Int) {
        bounds.reserveCapacity(fieldCount)
        storage.reserveCapacity(byteCount)
    }

    /// Adds a field at the end.
    ///
    /// - Complexity: O(bytes of the field), amortised.
    public mutating func append(name: some Sequence<UInt8>, value: some Sequence<UInt8>) {
        let start = storage.count
        storage.append(contentsOf: name)
        let nameEnd = storage.count
        storage.append(contentsOf: value)
        bounds.append(Bounds(start: start, nameEnd: nameEnd, end: storage.count))
    }

    /// Adds a field of text at the end.
    public mutating func append(name: String, value: String) {
        append(name: name.utf8, value: value.utf8)
    }

    /// The value of the first field of that name, or `nil` if the record has no such field.
    ///
    /// - Complexity: O(fields). It is meant for looking into a record by hand; a decoder keeps an index.
    public func value(named name: String) -> [UInt8]? {
        let name = Array(name.utf8)
        for bounds in bounds where storage[bounds.start..<bounds.nameEnd].elementsEqual(name) {
            return Array(storage[bounds.nameEnd..<bounds.end])
        }
        return nil
    }

    /// Calls `body` with views of the name and the value of the field at a position, valid for the call only.
    package func withField<R>(
        at position: Int, _ body: (_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) throws -> R
    ) rethrows -> R {
        let bounds = bounds[position]
        return try storage.withUnsafeBytes { bytes in
            // SAFETY: both ranges lie in `storage` by I1, and slicing checks it.
            try body(
                UnsafeRawBufferPointer(rebasing: bytes[bounds.start..<bounds.nameEnd]),
                UnsafeRawBufferPointer(rebasing: bytes[bounds.nameEnd..<bounds.end])
            )
        }
    }

    /// Calls `body` once with a function that gives views of any field's name and value, valid for the call only.
    ///
    /// For writing a whole record into a store without copying each field first.
    package func withFields<R>(
        _ body: (_ fieldAt: (Int) -> (name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer)) throws -> R
    ) rethrows -> R {
        try storage.withUnsafeBytes { bytes in
            try body { position in
                let bounds = bounds[position]
                // SAFETY: both ranges lie in `storage` by I1, and slicing checks it.
                return (
                    UnsafeRawBufferPointer(rebasing: bytes[bounds.start..<bounds.nameEnd]),
                    UnsafeRawBufferPointer(rebasing: bytes[bounds.nameEnd..<bounds.end])
                )
            }
        }
    }
}
