import Strata

/// Predicts the memory of a `HashStore` from its rules, without making one.
///
/// See ``MapMemoryPlan`` for the way; what differs is that an entry is one block with the key and either a string or all fields of a
/// small hash, and that tables hold pointers.
package struct StoreMemoryPlan: Sendable {
    /// What the keys hold.
    package enum Content: Sendable {
        /// A string of so many bytes.
        case string(byteCount: Int)
        /// A hash of so many fields with names and values of so many bytes.
        case hash(fieldCount: Int, nameByteCount: Int, valueByteCount: Int)
    }

    /// The number of keys.
    package var keyCount: Int
    /// The length of the keys.
    package var keyByteCount: Int
    /// What they hold.
    package var content: Content
    /// Whether keys have a deadline.
    package var hasDeadlines = false
    /// The number of shards.
    package var shardCount = HashStore.Configuration().shardCount

    /// A plan for a store.
    package init(keyCount: Int, keyByteCount: Int, content: Content) {
        self.keyCount = keyCount
        self.keyByteCount = keyByteCount
        self.content = content
    }

    private static let headerByteCount = 16
    private static let deadlineByteCount = 8
    /// A block of this size has room for a deadline whether it has one or not.
    private static let sizeWorthDeadline = 256
    /// What the store keeps for each key with a deadline: its place in the heap of deadlines, on average three quarters full.
    private static let deadlineEntryByteCount = 16.0 / 0.75
    private static let shardByteCount = 64.0

    /// Whether the content is of a size that the store keeps in one block; only that can be planned.
    package var isCompact: Bool {
        switch content {
        case .string: return true
        case .hash(let fieldCount, let name, let value):
            let limits = EncodingLimits()
            return fieldCount <= limits.maximumCompactFieldCount
                && max(name, value) <= limits.maximumCompactValueLength
        }
    }

    /// The memory of one key's block.
    package var blockByteCount: Int {
        let payload: Int
        switch content {
        case .string(let byteCount): payload = byteCount
        case .hash(let fieldCount, let name, let value):
            payload = fieldCount * (Self.varintByteCount(name * 2) + name + Self.varintByteCount(value) + value)
        }
        let plain = Self.headerByteCount + keyByteCount + payload
        let deadline = hasDeadlines || plain >= Self.sizeWorthDeadline ? Self.deadlineByteCount : 0
        return Allocation.blockByteCount(plain + deadline)
    }

    /// The memory of the tables.
    package var tableByteCount: Double {
        let mean = Double(keyCount) / Double(shardCount)
        return (Spread(mean: mean).expected(Self.tableByteCount) + Self.shardByteCount) * Double(shardCount)
    }

    /// Everything.
    package var byteCount: Double {
        Double(blockByteCount) * Double(keyCount) + tableByteCount
            + (hasDeadlines ? Self.deadlineEntryByteCount * Double(keyCount) : 0)
    }

    private static func tableByteCount(entries: Int) -> Double {
        var groups = 1
        while groups * 14 < entries { groups *= 2 }
        return Double(regionByteCount(groups))
    }

    private static func regionByteCount(_ groups: Int) -> Int {
        let byteCount = 64 + groups * 16 * 9
        return byteCount >= 64 << 10 ? MapMemoryPlan.rounded(byteCount, to: 4_096) : byteCount
    }

    private static func varintByteCount(_ value: Int) -> Int {
        value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4
    }
}
