package import Strata

/// What the first tier keeps of one field: the value of the hash store begins with 16 bytes of its own.
///
/// ```
///  0       1                 8                    16
/// ┌───────┬─────────────────┬────────────────────┬───────┐
/// │ flags │ filled, ms      │ deadline, ms       │ value │
/// │ 8 bit │ 56 bit          │ 64 bit             │       │
/// └───────┴─────────────────┴────────────────────┴───────┘
/// ```
///
/// Both times are ticks of the tiering clock. At its deadline a value is no longer the truth; it may be kept for longer, to be
/// served in need.
package struct LocalRecord {
    /// What is known of the field.
    package enum Kind: UInt8, Sendable {
        /// Its value.
        case value = 0
        /// The source has nothing.
        case absent = 1
        /// The second tier has nothing.
        case missing = 2
    }

    private static let kindMask: UInt64 = 3
    private static let localOnlyFlag: UInt64 = 4
    /// The length of what stands before the value.
    package static let headLength = 16

    private let word: UInt64
    /// When it ends to be the truth, in ms.
    package let deadline: Int64
    /// The value.
    package let value: Bytes

    /// Reads what a hash store has under the name of a field.
    @inline(__always)
    package init(_ stored: Bytes) {
        let base = stored.baseAddress.unsafelyUnwrapped
        word = base.loadUnaligned(as: UInt64.self)
        deadline = base.loadUnaligned(fromByteOffset: 8, as: Int64.self)
        value = Bytes(start: base + Self.headLength, count: stored.count &- Self.headLength)
    }

    /// What is known of the field.
    @inline(__always)
    package var kind: Kind { Kind(rawValue: UInt8(word & Self.kindMask)) ?? .missing }
    /// Whether it is a value.
    @inline(__always)
    package var isValue: Bool { word & Self.kindMask == 0 }
    /// Whether the second tier wasn't told.
    package var isLocalOnly: Bool { word & Self.localOnlyFlag != 0 }
    /// When it was read or written, in ms.
    package var filled: Int64 { Int64(bitPattern: word) >> 8 }

    /// The content, copied.
    package var content: RemoteField.Content {
        switch kind {
        case .value: .value([UInt8](value))
        case .absent: .absent
        case .missing: .missing
        }
    }

    /// The stored form of a field.
    package static func encoded(
        _ content: RemoteField.Content, filled: Int64, deadline: Int64, isLocalOnly: Bool
    ) -> [UInt8] {
        var kind = Kind.value
        var value: [UInt8] = []
        switch content {
        case .value(let bytes): value = bytes
        case .absent: kind = .absent
        case .missing: kind = .missing
        }
        let word = UInt64(bitPattern: filled << 8) | UInt64(kind.rawValue) | (isLocalOnly ? localOnlyFlag : 0)
        return [UInt8](unsafeUninitializedCapacity: headLength + value.count) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: word, as: UInt64.self)
            raw.storeBytes(of: deadline, toByteOffset: 8, as: Int64.self)
            value.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: raw[headLength...]).copyMemory(from: $0) }
            count = headLength + value.count
        }
    }
}
