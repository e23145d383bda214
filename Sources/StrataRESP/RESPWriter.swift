/// A growable buffer of replies in RESP2 or RESP3.
///
/// A handle: copies share one buffer, and writing through it counts no references, checks no exclusivity and allocates only when the
/// buffer grows. Whoever creates one calls ``deallocate()`` when it and its copies are no longer used. Only one thread may use it at a time.
///
/// Types that RESP2 lacks are written as what stands for them there: a map as a flat array, a set as an array, a double as a
/// bulk string, a boolean as an integer, every null as a null bulk string or null array.
public struct RESPWriter {
    @usableFromInline
    struct State {
        @usableFromInline var bytes: UnsafeMutableRawPointer
        @usableFromInline var count: Int
        @usableFromInline var capacity: Int
        @usableFromInline var version: Int
    }

    @usableFromInline let state: UnsafeMutablePointer<State>

    /// Creates an empty buffer.
    ///
    /// - Parameters:
    ///   - capacity: how many bytes can be written before the buffer grows.
    ///   - version: 2 or 3.
    public init(capacity: Int = 16 << 10, version: Int = 2) {
        let capacity = max(capacity, 64)
        state = .allocate(capacity: 1)
        state.initialize(
            to: State(
                bytes: .allocate(byteCount: capacity, alignment: 16), count: 0, capacity: capacity, version: version
            )
        )
    }

    /// Frees the buffer.
    ///
    /// Neither this handle nor a copy of it may be used afterwards.
    public func deallocate() {
        state.pointee.bytes.deallocate()
        state.deallocate()
    }

    /// The protocol's version: 2 or 3.
    @inlinable
    public var version: Int {
        get { state.pointee.version }
        nonmutating set { state.pointee.version = newValue }
    }

    /// How many bytes were written since the last ``removeAll()``.
    @inlinable
    public var count: Int { state.pointee.count }

    /// What was written; valid until something else is.
    @inlinable
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: state.pointee.bytes, count: state.pointee.count)
    }

    /// Forgets everything written.
    ///
    /// A buffer that has grown beyond `limit` gives its memory back.
    @inlinable
    public func removeAll(keepingCapacityUpTo limit: Int = 1 << 20) {
        state.pointee.count = 0
        if state.pointee.capacity > limit { shrink(to: limit) }
    }

    /// Forgets what was written after the first `count` bytes.
    @inlinable
    public func truncate(to count: Int) {
        assert(count <= state.pointee.count)
        state.pointee.count = count
    }

    /// Makes room for `count` more bytes and returns the place they go to.
    @inlinable
    func reserve(_ count: Int) -> UnsafeMutableRawPointer {
        if state.pointee.capacity &- state.pointee.count < count { grow(by: count) }
        return state.pointee.bytes + state.pointee.count
    }

    @usableFromInline
    func grow(by count: Int) {
        let needed = state.pointee.count + count
        let capacity = max(needed + needed / 4, state.pointee.capacity * 2)
        replace(capacity: capacity)
    }

    @usableFromInline
    func shrink(to capacity: Int) {
        replace(capacity: max(capacity, 64))
    }

    private func replace(capacity: Int) {
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        bytes.copyMemory(from: state.pointee.bytes, byteCount: state.pointee.count)
        state.pointee.bytes.deallocate()
        state.pointee.bytes = bytes
        state.pointee.capacity = capacity
    }

    /// Appends bytes that are already encoded.
    @inlinable
    public func raw(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count).copyMemory(from: source, byteCount: bytes.count)
        state.pointee.count &+= bytes.count
    }

    /// Appends text that is already encoded.
    @inlinable
    public func raw(_ text: StaticString) {
        raw(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends `type`, a number in decimal, and a line end.
    @inlinable
    func line(_ type: UInt8, _ value: Int64) {
        let place = reserve(24)
        place.storeBytes(of: type, as: UInt8.self)
        let length = Self.writeDecimal(value, to: place + 1)
        place.storeBytes(of: 0x0d, toByteOffset: length + 1, as: UInt8.self)
        place.storeBytes(of: 0x0a, toByteOffset: length + 2, as: UInt8.self)
        state.pointee.count &+= length &+ 3
    }

    /// Writes a number in decimal, at most 20 bytes of it.
    ///
    /// - Returns: how many bytes were written.
    @inlinable
    static func writeDecimal(_ value: Int64, to place: UnsafeMutableRawPointer) -> Int {
        var magnitude = value.magnitude
        var start = 0
        if value < 0 {
            place.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
            start = 1
        }
        if magnitude < 10 {
            place.storeBytes(of: 0x30 &+ UInt8(truncatingIfNeeded: magnitude), toByteOffset: start, as: UInt8.self)
            return start &+ 1
        }
        var length = 1
        var bound: UInt64 = 10
        while length < 20 && magnitude >= bound {
            length &+= 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        var index = start &+ length
        while index > start {
            index &-= 1
            place.storeBytes(of: 0x30 &+ UInt8(truncatingIfNeeded: magnitude % 10), toByteOffset: index, as: UInt8.self)
            magnitude /= 10
        }
        return start &+ length
    }
}

// One thread at a time, by the contract above: the connection's event loop.
extension RESPWriter: @unchecked Sendable {}
