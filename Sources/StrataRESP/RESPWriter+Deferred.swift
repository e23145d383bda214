extension RESPWriter {
    /// The place where a header is to be inserted once the number of values is known.
    public struct Mark: Sendable {
        @usableFromInline let offset: Int

        @inlinable
        init(offset: Int) {
            self.offset = offset
        }
    }

    /// What kind of header ``end(_:as:count:)`` inserts.
    public enum Aggregate: Sendable {
        /// An array of values.
        case array
        /// A map; the count is that of its pairs.
        case map
        /// A set of values.
        case set
        /// An out-of-band message.
        case push
    }

    /// Remembers this place; the values follow, then ``end(_:as:count:)``.
    @inlinable
    public func begin() -> Mark {
        Mark(offset: count)
    }

    /// Forgets what was written since `mark`.
    @inlinable
    public func rollBack(to mark: Mark) {
        truncate(to: mark.offset)
    }

    /// Inserts the header of an aggregate whose values were written since `mark`.
    ///
    /// - Complexity: moves the bytes written since `mark` by the header's length.
    public func end(_ mark: Mark, as aggregate: Aggregate, count valueCount: Int) {
        let bodyLength = count - mark.offset
        switch aggregate {
        case .array: arrayHeader(valueCount)
        case .map: mapHeader(valueCount)
        case .set: setHeader(valueCount)
        case .push: pushHeader(valueCount)
        }
        moveEnd(from: Mark(offset: mark.offset + bodyLength), before: mark)
    }

    /// Moves what was written since `end` before what was written between `mark` and `end`.
    ///
    /// - Complexity: moves the bytes written since `mark`, and those since `end` twice.
    public func moveEnd(from end: Mark, before mark: Mark) {
        let headerLength = count - end.offset
        let bodyLength = end.offset - mark.offset
        withUnsafeTemporaryAllocation(byteCount: headerLength, alignment: 1) { header in
            guard let saved = header.baseAddress else { return }
            let body = state.pointee.bytes + mark.offset
            saved.copyMemory(from: body + bodyLength, byteCount: headerLength)
            (body + headerLength).copyMemory(from: body, byteCount: bodyLength)
            body.copyMemory(from: saved, byteCount: headerLength)
        }
    }
}
