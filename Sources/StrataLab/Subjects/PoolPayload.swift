/// An object that a pool may hand out again, or that is made anew each time.
package protocol PoolPayload: AnyObject, SendableMetatype {
    /// Makes an object as a program would that has no pool.
    ///
    /// Not inlined: the compiler would otherwise put an object on the stack that doesn't leave its function.
    static func make() -> Self
    /// Writes to the object and reads from it, as its user would at the least.
    func use(_ value: UInt64) -> UInt64
}

/// The payloads by the names under which they are asked for.
package enum PoolPayloadName: String, Codable, Sendable, CaseIterable {
    /// ``SmallPayload``.
    case small
    /// ``BufferPayload``.
    case buffer

    /// What it is called in reports.
    package var title: String {
        switch self {
        case .small: "object of 64 bytes"
        case .buffer: "object with a buffer of 4 KiB"
        }
    }
}

/// Eight words and nothing else: the least that anybody would pool.
package final class SmallPayload: PoolPayload {
    private var words: InlineArray<8, UInt64> = .init(repeating: 0)

    /// An object of its own.
    @inline(never)
    package static func make() -> SmallPayload { SmallPayload() }

    /// Changes one word.
    @inline(__always)
    package func use(_ value: UInt64) -> UInt64 {
        let old = words[0]
        words[0] = value
        return old
    }
}

/// An object that owns a buffer, as parsers and connections do: two allocations.
///
/// The buffer isn't cleared.
package final class BufferPayload: PoolPayload {
    private let bytes: UnsafeMutableRawPointer
    private static let byteCount = 4096

    private init() {
        bytes = .allocate(byteCount: Self.byteCount, alignment: 16)
        bytes.storeBytes(of: 0, as: UInt64.self)
    }

    deinit { bytes.deallocate() }

    /// An object of its own.
    @inline(never)
    package static func make() -> BufferPayload { BufferPayload() }

    /// Changes one word.
    @inline(__always)
    package func use(_ value: UInt64) -> UInt64 {
        let old = bytes.load(as: UInt64.self)
        bytes.storeBytes(of: value, as: UInt64.self)
        return old
    }
}
