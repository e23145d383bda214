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
    @inline(__always)
    func hasSameBytes(as other: Bytes) -> Bool {
        count == other.count && (count == 0 || memcmp(baseAddress.unsafelyUnwrapped, other.baseAddress.unsafelyUnwrapped, count) == 0)
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
