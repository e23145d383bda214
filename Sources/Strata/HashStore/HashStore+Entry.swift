import CStrata
import Synchronization

extension HashStore {
    /// The value and deadline of one field; valid as long as the entry it came from.
    package struct Field {
        /// The bytes of the value.
        package let value: Bytes
        /// The tick at which the field expires.
        package let deadline: Int64?
    }

    /// A view of one live entry; valid inside the pin or lock and until the key is changed.
    ///
    /// Of a table hash, `field(_:now:)`, `fieldCount` and what concerns the key may be used under a pin; everything that
    /// goes over several fields needs the lock of the key's shard.
    @usableFromInline
    package struct Entry {
        let block: EntryBlock

        @inline(__always)
        init(_ block: EntryBlock) { self.block = block }

        /// What an entry holds.
        @usableFromInline
        package enum Kind: Sendable {
            /// A string of bytes.
            case string
            /// A hash of fields.
            case hash

            // By hand, because the compiler's own is not inlined into other modules, and every command asks.
            @inlinable @inline(__always)
            package static func == (left: Kind, right: Kind) -> Bool {
                switch (left, right) {
                case (.string, .string), (.hash, .hash): true
                default: false
                }
            }
        }

        /// How an entry is represented.
        package enum Encoding: Sendable {
            /// A string that is the decimal form of a 64-bit integer.
            case integer
            /// A short string as it was set.
            case embedded
            /// Any other string.
            case raw
            /// A hash in one block.
            case compact
            /// A hash in one block, with at least one field deadline.
            case compactWithDeadlines
            /// A hash as a nested table.
            case table
        }

        /// Whether the entry is a string or a hash.
        @inline(__always)
        package var kind: Kind { block.flags.contains(.hash) ? .hash : .string }

        /// The bytes of the key.
        package var keyBytes: Bytes { block.key }

        /// The tick at which the whole entry expires.
        package var deadline: Int64? { Deadline.optional(block.deadline) }

        /// The bytes of a string.
        package var stringBytes: Bytes {
            assert(kind == .string)
            return block.payload
        }

        /// The number of fields of a hash, expired ones that have not been collected included.
        package var fieldCount: Int {
            assert(kind == .hash)
            return block.flags.contains(.table)
                ? block.fieldTable.pointee.fieldCount.load(ordering: .relaxed) : block.compactFieldCount
        }

        /// Whether the fields are a nested table, so that only single ones may be read without the lock.
        package var isTable: Bool { block.flags.contains(.table) }

        /// The memory of the entry in bytes.
        package var byteCount: Int {
            block.byteCount
                + (block.flags.contains(.table) ? block.fieldTable.pointee.byteCount.load(ordering: .relaxed) : 0)
        }

        /// How the entry is represented.
        package var encoding: Encoding {
            let flags = block.flags
            if flags.contains(.table) { return .table }
            if flags.contains(.hash) { return flags.contains(.fieldDeadlines) ? .compactWithDeadlines : .compact }
            if flags.contains(.modifiedString) { return .raw }
            let value = block.payload
            if IntegerText.isInteger(value) { return .integer }
            return value.count <= Self.longestEmbedded ? .embedded : .raw
        }

        /// How the entry would be represented if compact hashes could be as large as the limits say that are set.
        ///
        /// Needs the lock of the key's shard.
        package func nominalEncoding(_ limits: EncodingLimits) -> Encoding {
            guard block.flags.contains(.table) else { return encoding }
            let table = block.fieldTable
            let count = fieldCount
            let isOverBounds =
                count > EncodingLimits.largestFieldCount
                || table.pointee.byteCount.load(ordering: .relaxed) > EncodingLimits.largestPayloadLength
            guard isOverBounds, count <= limits.maximumCompactFieldCount else { return .table }
            var hasDeadlines = false
            var isOversized = false
            table.visitFields { field in
                hasDeadlines = hasDeadlines || field.deadline != Deadline.none
                let length = max(field.keyLength, field.payload.count)
                isOversized = isOversized || length > limits.maximumCompactValueLength
            }
            return isOversized ? .table : hasDeadlines ? .compactWithDeadlines : .compact
        }

        /// The length up to which Redis, whose names for encodings clients know, embeds a string.
        private static let longestEmbedded = 44

        // MARK: Access record

        /// Milliseconds since the last access, in whole seconds.
        package func idleMilliseconds(now: Int64) -> Int64 { Int64(block.access.idleSeconds(at: now)) * 1000 }

        /// The logarithmic, decaying counter of accesses.
        package func frequency(now: Int64) -> UInt8 { block.access.frequency(at: now) }

        /// Puts the access record of another time or place into an entry.
        package func setAccess(frequency: UInt8, idleSeconds: Int64, now: Int64) {
            block.access = AccessWord(frequency: frequency, idleSeconds: idleSeconds, now: now)
        }

        /// What the adaptive policy knows of the entry.
        var accessStamp: ReuseStamp { block.access.stamp }

        /// Records a read, for ``HashStore/recordRead(_:of:now:)``.
        @inline(__always)
        func touch(now: Int64, tick: UInt32) { block.touch(now: now, tick: tick) }
    }
}

/// The decimal form of 64-bit integers, as strict as Redis is: no sign but `-`, no leading zeroes, no `-0`.
enum IntegerText {
    /// Whether the bytes are the decimal form of an `Int64`.
    static func isInteger(_ bytes: Bytes) -> Bool { parse(bytes) != nil }

    /// The integer that the bytes are the decimal form of.
    static func parse(_ bytes: Bytes) -> Int64? {
        guard !bytes.isEmpty, bytes.count <= 20 else { return nil }
        var index = 0
        let isNegative = bytes[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard index < bytes.count else { return nil }
        if bytes[index] == UInt8(ascii: "0") { return bytes.count == 1 ? 0 : nil }
        var value: Int64 = 0
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            // Downwards, because there is one negative number more.
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowedAgain) = product.subtractingReportingOverflow(Int64(digit))
            if overflowed || overflowedAgain { return nil }
            value = sum
            index += 1
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }
}
