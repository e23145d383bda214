package import Strata

/// What the first tier keeps of a whole key, in a field of its own that comes first in the key's block.
///
/// ```
///  0              8                16                   24
/// ┌──────────────┬────────────────┬────────────────────┬────────────────────┐
/// │ valid word   │ word it was    │ complete until, ms │ invalidated at, ms │
/// │ 0: not valid │ filled under   │ min: is partial    │ max: is not        │
/// └──────────────┴────────────────┴────────────────────┴────────────────────┘
/// ```
///
/// The words are those of ``ShardEpochs``.
package struct LocalHeader: Hashable, Sendable {
    /// The shard and epoch, or 0 when a change of the key was reported.
    package var word: UInt64
    /// The shard and epoch that it was filled under.
    package var origin: UInt64
    /// Until when all fields of the hash are known; the least number if they aren't.
    package var completeUntil: Int64
    /// When a change of the key was reported; the greatest number if none was.
    package var invalidated: Int64

    /// A header of something that was just read.
    package init(word: UInt64, completeUntil: Int64 = .min) {
        self.word = word
        origin = word
        self.completeUntil = completeUntil
        invalidated = .max
    }

    /// Reads what a hash store has under the reserved name.
    @inline(__always)
    package init(_ stored: Bytes) {
        let base = stored.baseAddress.unsafelyUnwrapped
        word = base.loadUnaligned(as: UInt64.self)
        origin = base.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        completeUntil = base.loadUnaligned(fromByteOffset: 16, as: Int64.self)
        invalidated = base.loadUnaligned(fromByteOffset: 24, as: Int64.self)
    }

    /// The first word alone, which is all that most reads want to know.
    @inline(__always)
    package static func word(_ stored: Bytes) -> UInt64 {
        stored.baseAddress.unsafelyUnwrapped.loadUnaligned(as: UInt64.self)
    }

    /// The stored form.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for word in [word, origin, UInt64(bitPattern: completeUntil), UInt64(bitPattern: invalidated)] {
            withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static let reservedName: StaticString = "\0"

    /// The name that it has among the fields: one zero byte.
    ///
    /// A field of the user that has nothing but zero bytes as its name is kept under a name with one more; see `FieldNames`.
    @inline(__always)
    package static var name: Bytes { Bytes(start: reservedName.utf8Start, count: 1) }
}

/// How names of fields are kept in the first tier, which has one reserved.
package enum FieldNames {
    /// Whether a name has to be kept as another one.
    @inline(__always)
    package static func isReserved(_ name: Bytes) -> Bool {
        guard name.count > 0, name.baseAddress.unsafelyUnwrapped.load(as: UInt8.self) == 0 else { return false }
        return name.allSatisfy { $0 == 0 }
    }

    /// The name that a field is kept under.
    package static func stored(_ name: [UInt8]) -> [UInt8] {
        name.withUnsafeBytes(isReserved) ? name + [0] : name
    }

    /// The name of a field that is kept under a name; `nil` for the header's.
    package static func original(_ stored: Bytes) -> [UInt8]? {
        guard isReserved(stored) else { return [UInt8](stored) }
        return stored.count == 1 ? nil : [UInt8](stored.dropLast())
    }
}
