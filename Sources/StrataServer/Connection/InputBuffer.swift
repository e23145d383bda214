/// The bytes of an incomplete request, until the rest arrives.
///
/// Empty and without memory most of the time: requests that arrive whole are parsed where they were received.
struct InputBuffer: ~Copyable {
    private var memory: UnsafeMutableRawPointer?
    private var capacity = 0
    private var start = 0
    private var end = 0

    /// A buffer grown beyond this, in bytes, gives its memory back as soon as it is empty; a smaller one when the client is idle.
    private static let retainedCapacity = 1 << 20

    init() {}

    deinit {
        memory?.deallocate()
    }

    /// How many bytes there are.
    var count: Int { end - start }

    /// How many bytes the buffer could hold besides, without growing.
    var freeByteCount: Int { capacity - count }

    /// The bytes; valid until the buffer is changed.
    var bytes: UnsafeRawBufferPointer {
        guard let memory else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        return UnsafeRawBufferPointer(start: memory + start, count: count)
    }

    /// Appends bytes.
    ///
    /// - Parameters:
    ///   - source: the bytes.
    ///   - expected: how many bytes the buffer will have to hold soon, as far as is known. Growing follows what has really arrived, so
    ///     that announcing a long argument costs the server nothing.
    mutating func append(_ source: UnsafeRawBufferPointer, expecting expected: Int) {
        guard let first = source.baseAddress, source.count > 0 else { return }
        let needed = count + source.count
        if end + source.count > capacity {
            if needed <= capacity, let memory {
                memory.copyMemory(from: memory + start, byteCount: count)
            } else {
                // Room for what is known to come, but at most for as much again as there is: amortised, each byte is moved twice.
                let larger = max(needed, min(max(expected, needed), needed * 2), 1024)
                let replacement = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
                if let memory {
                    replacement.copyMemory(from: memory + start, byteCount: count)
                    memory.deallocate()
                }
                memory = replacement
                capacity = larger
            }
            end -= start
            start = 0
        }
        if let memory { (memory + end).copyMemory(from: first, byteCount: source.count) }
        end += source.count
    }

    /// Forgets the first `count` bytes.
    mutating func removeFirst(_ count: Int) {
        start += count
        guard start == end else { return }
        start = 0
        end = 0
        if capacity > Self.retainedCapacity { releaseMemory() }
    }

    /// Gives back the memory of an empty buffer.
    mutating func releaseMemory() {
        guard count == 0 else { return }
        memory?.deallocate()
        memory = nil
        capacity = 0
        start = 0
        end = 0
    }
}
