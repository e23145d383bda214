/// The arguments of one request, as views of bytes that somebody else owns.
///
/// A trivial value: copying it neither copies the bytes nor counts a reference. The command's name is the first argument. The views are
/// valid as long as the owner says: for a request from ``RESPRequestParser``, until the parser or the bytes it was given are touched again.
public struct RESPArguments {
    /// Where one argument lies, relative to the bytes it is part of.
    @frozen
    public struct Slice {
        /// The distance of the first byte from the start.
        public var offset: Int
        /// The number of bytes.
        public var length: Int

        /// Creates a slice.
        @inlinable
        public init(offset: Int, length: Int) {
            self.offset = offset
            self.length = length
        }
    }

    @usableFromInline let bytes: UnsafeRawPointer
    @usableFromInline let slices: UnsafePointer<Slice>

    /// The number of arguments, the command's name included.
    public let count: Int

    /// Creates a view.
    ///
    /// - Parameters:
    ///   - bytes: where the slices' offsets count from; must stay valid while the view is used.
    ///   - slices: `count` slices; must stay valid while the view is used.
    ///   - count: the number of arguments.
    @inlinable
    public init(bytes: UnsafeRawPointer, slices: UnsafePointer<Slice>, count: Int) {
        self.bytes = bytes
        self.slices = slices
        self.count = count
    }

    /// The bytes of one argument; `index` must be less than ``count``.
    @inlinable
    public subscript(index: Int) -> UnsafeRawBufferPointer {
        assert(index >= 0 && index < count)
        let slice = slices[index]
        return UnsafeRawBufferPointer(start: bytes + slice.offset, count: slice.length)
    }

    /// The same arguments without the first `count`, as a container command passes them on.
    @inlinable
    public func dropFirst(_ count: Int) -> RESPArguments {
        assert(count <= self.count)
        return RESPArguments(bytes: bytes, slices: slices + count, count: self.count - count)
    }

    /// No arguments at all.
    public static let none = RESPArguments(
        bytes: UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped,
        slices: UnsafePointer(bitPattern: 8).unsafelyUnwrapped,
        count: 0
    )
}

// The pointers are only ever followed by whoever holds the bytes they point into; `none` points nowhere and is shared.
extension RESPArguments: @unchecked Sendable {}
