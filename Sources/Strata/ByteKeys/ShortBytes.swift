/// A byte string of at most 15 bytes, in place: no allocation, no reference.
///
/// The key for maps and caches whose keys are short names or identifiers: hashed as bytes, compared as two words, and
/// stored in a table's slot itself, where a `String` is hashed by Unicode's rules and lies behind a pointer.
///
/// ```swift
/// let sessions = ConcurrentMap<ShortBytes, Session>()
/// sessions["user:1234"]
/// if let key = ShortBytes(header) { sessions.updateValue(session, forKey: key) }
/// ```
///
/// Two are equal if they have the same bytes; text isn't normalised. For longer ones see ``ByteString``.
@frozen
public struct ShortBytes: Hashable, BitwiseCopyable, Sendable {
    /// The bytes in memory order, zeros behind them, and the count in the last byte.
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    /// The most bytes there can be.
    @inlinable public static var maximumCount: Int { 15 }

    /// No bytes.
    @inlinable
    public init() {
        first = 0
        second = 0
    }

    @inlinable @inline(__always)
    init(words: (UInt64, UInt64), count: Int) {
        first = words.0
        second = words.1 | UInt64(truncatingIfNeeded: count).bigEndian
    }

    /// The bytes of a key; `nil` if there are more than ``maximumCount``.
    @inlinable
    public init?(_ key: borrowing some ByteKey & ~Escapable) {
        guard let bytes = key.withBytes({ ShortBytes(span: $0) }) else { return nil }
        self = bytes
    }

    @inlinable @inline(__always)
    init?(span: RawSpan) {
        let count = span.byteCount
        guard count <= Self.maximumCount else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        // SAFETY: at most 15 bytes into 16.
        withUnsafeMutableBytes(of: &words) { words in
            span.withUnsafeBytes { words.copyMemory(from: $0) }
        }
        self.init(words: words, count: count)
    }

    /// How many bytes there are.
    @inlinable public var count: Int { Int(truncatingIfNeeded: second.bigEndian & 0xff) }

    /// Whether there are none.
    @inlinable public var isEmpty: Bool { count == 0 }

    /// The keyed hash of the bytes and their count.
    @inlinable @inline(__always)
    func hash(_ key: HashKey) -> UInt64 { key.hash(first, second) }
}

extension ShortBytes: ByteKey {
    /// Calls a closure with the bytes.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let words: InlineArray<2, UInt64> = [first, second]
        return try body(words.span.bytes.extracting(..<count))
    }
}

extension ShortBytes: ExpressibleByStringLiteral, CustomStringConvertible {
    /// The UTF-8 bytes of a literal, which must not have more than ``maximumCount``.
    public init(stringLiteral value: String) {
        guard let bytes = ShortBytes(value) else {
            preconditionFailure("'\(value)' has more than \(Self.maximumCount) bytes")
        }
        self = bytes
    }

    /// The bytes read as UTF-8, repaired where they aren't.
    public var description: String { withBytes { String(decoding: $0) } }
}

extension ShortBytes: Comparable {
    /// Whether the bytes come before others, compared one by one.
    @inlinable
    public static func < (left: ShortBytes, right: ShortBytes) -> Bool {
        (left.first.bigEndian, left.second.bigEndian) < (right.first.bigEndian, right.second.bigEndian)
    }
}

extension String {
    /// The text of bytes in UTF-8, repaired where they aren't.
    @usableFromInline
    init(decoding span: RawSpan) {
        self = span.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
}
