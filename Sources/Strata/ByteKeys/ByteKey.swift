/// Something that is or has bytes: a key, a field's name, or a value.
///
/// Strings stand for their UTF-8 bytes and are never compared by Unicode's rules. A conforming type gives its bytes for
/// the length of a call; nothing is copied where they lie in one piece.
public protocol ByteKey: ~Escapable {
    /// Calls a closure with the bytes.
    ///
    /// - Parameter body: What to do with them; it must not keep the span.
    /// - Returns: What the closure returns.
    /// - Throws: What the closure throws.
    borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result
}

extension String: ByteKey {
    /// Calls a closure with the UTF-8 bytes.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let string = copy self
        return try body(string.utf8Span.span.bytes)
    }
}

extension Substring: ByteKey {
    /// Calls a closure with the UTF-8 bytes.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let string = copy self
        return try body(string.utf8Span.span.bytes)
    }
}

extension StaticString: ByteKey {
    /// Calls a closure with the UTF-8 bytes.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // SAFETY: a static string's bytes are there for as long as the program runs.
        if hasPointerRepresentation {
            return try body(UnsafeRawBufferPointer(start: utf8Start, count: utf8CodeUnitCount).bytes)
        }
        return try String(unicodeScalar).withBytes(body)
    }
}

extension Array: ByteKey where Element == UInt8 {
    /// Calls a closure with the bytes.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let array = copy self
        return try body(array.span.bytes)
    }
}

extension ArraySlice: ByteKey where Element == UInt8 {
    /// Calls a closure with the bytes.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let slice = copy self
        return try body(slice.span.bytes)
    }
}

extension RawSpan: ByteKey {
    /// Calls a closure with the span itself.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(copy self)
    }
}

extension Span: ByteKey where Element == UInt8 {
    /// Calls a closure with the bytes of the elements.
    @inlinable
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes)
    }
}
