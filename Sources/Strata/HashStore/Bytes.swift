#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A view of bytes that the callee may read during the call only.
package typealias Bytes = UnsafeRawBufferPointer

extension UnsafeRawBufferPointer {
    /// Whether both views hold the same bytes.
    ///
    /// Names and keys are short: up to 16 bytes are compared by two loads a side that overlap as much as needed, which
    /// costs less than calling the library.
    @inline(__always)
    func hasSameBytes(as other: Bytes) -> Bool {
        let count = count
        guard count == other.count else { return false }
        guard count > 0 else { return true }
        let left = baseAddress.unsafelyUnwrapped
        let right = other.baseAddress.unsafelyUnwrapped
        if count > 16 { return memcmp(left, right, count) == 0 }
        if count >= 8 {
            return Self.endsDiffer(left, right, count, UInt64.self) == 0
        }
        if count >= 4 {
            return Self.endsDiffer(left, right, count, UInt32.self) == 0
        }
        // One to three bytes: the first, the middle and the last are all of them.
        return left.load(as: UInt8.self) == right.load(as: UInt8.self)
            && left.load(fromByteOffset: count &>> 1, as: UInt8.self)
                == right.load(fromByteOffset: count &>> 1, as: UInt8.self)
            && left.load(fromByteOffset: count &- 1, as: UInt8.self)
                == right.load(fromByteOffset: count &- 1, as: UInt8.self)
    }

    /// Zero if the first and the last bytes, as many as the word has, are the same on both sides.
    @inline(__always)
    private static func endsDiffer<Word: FixedWidthInteger & BitwiseCopyable>(
        _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int, _ word: Word.Type
    ) -> Word {
        let last = count &- MemoryLayout<Word>.size
        return (left.loadUnaligned(as: Word.self) ^ right.loadUnaligned(as: Word.self))
            | (left.loadUnaligned(fromByteOffset: last, as: Word.self)
                ^ right.loadUnaligned(fromByteOffset: last, as: Word.self))
    }
}

extension UnsafeMutableRawPointer {
    /// Copies the bytes to this place, which must have room, and returns the place behind them.
    @inline(__always)
    func writing(_ bytes: Bytes) -> UnsafeMutableRawPointer {
        guard let source = bytes.baseAddress, !bytes.isEmpty else { return self }
        memcpy(self, source, bytes.count)
        return self + bytes.count
    }
}
