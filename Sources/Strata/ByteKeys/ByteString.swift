/// A byte string of any length, as a key for maps and caches.
///
/// Hashed and compared as bytes, never by Unicode's rules. Up to 15 bytes are in place, so that making one allocates nothing;
/// more are in an array. Where all keys are that short, ``ShortBytes`` saves the map an allocation per entry too.
///
/// ```swift
/// let pages = Cache<ByteString, [UInt8]>(configuration)
/// pages[ByteString(request.path)]
/// ```
@frozen
public struct ByteString: Hashable, Sendable {
    /// The bytes, if they fit; otherwise empty.
    @usableFromInline let short: ShortBytes
    /// The bytes, if they don't fit into `short`.
    @usableFromInline let long: [UInt8]?

    /// The bytes of a key.
    ///
    /// - Complexity: O(count); allocates for more than 15 bytes.
    @inlinable
    public init(_ key: borrowing some ByteKey & ~Escapable) {
        self = key.withBytes { ByteString(span: $0) }
    }

    @inlinable @inline(__always)
    init(span: RawSpan) {
        if let bytes = ShortBytes(span: span) {
            short = bytes
            long = nil
        } else {
            short = ShortBytes()
            long = span.withUnsafeBytes { [UInt8]($0) }
        }
    }

    /// How many bytes there are.
    @inlinable public var count: Int { long?.count ?? short.count }

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// Whether two have the same bytes.
    @inlinable
    public static func == (left: ByteString, right: ByteString) -> Bool {
        left.short == right.short && left.long == right.long
    }

    /// The keyed hash of the bytes.
    @inlinable @inline(__always)
    func hash(_ key: HashKey) -> UInt64 {
        guard let long else { return short.hash(key) }
        return long.withUnsafeBytes { key.hash($0) }
    }
}

extension ByteString: ByteKey {
    /// Calls a closure with the bytes.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        if let long { return try long.withBytes(body) }
        return try short.withBytes(body)
    }
}

extension ByteString: ExpressibleByStringLiteral, CustomStringConvertible {
    /// The UTF-8 bytes of a literal.
    public init(stringLiteral value: String) { self.init(value) }

    /// The bytes read as UTF-8, repaired where they aren't.
    public var description: String { withBytes { String(decoding: $0) } }
}

extension ByteString: Comparable {
    /// Whether the bytes come before others, compared one by one.
    public static func < (left: ByteString, right: ByteString) -> Bool {
        left.withBytes { left in
            right.withBytes { right in
                left.withUnsafeBytes { left in
                    right.withUnsafeBytes { right in left.lexicographicallyPrecedes(right) }
                }
            }
        }
    }
}
