import CStrata
import Synchronization

extension HashStore.Entry {
    /// What there is under the name of a field.
    package enum FieldLookup {
        /// A field.
        case live(HashStore.Field)
        /// A field whose deadline has passed, and which has not been collected.
        case expired
        /// Nothing.
        case missing
    }

    /// What there is under the name of a field; see `field`.
    @inline(__always)
    package func lookup(_ name: Bytes, now: Int64) -> FieldLookup {
        if let field = field(name, now: now) { return .live(field) }
        return mayHoldExpiredField && holdsExpiredField(name, now: now) ? .expired : .missing
    }

    /// Whether a field that isn't found may be one that has expired.
    @inline(__always)
    private var mayHoldExpiredField: Bool { !block.flags.isDisjoint(with: [.table, .fieldDeadlines]) }

    @inline(never)
    private func holdsExpiredField(_ name: Bytes, now: Int64) -> Bool {
        let deadline =
            block.flags.contains(.table)
            ? block.fieldTable.read(name)?.deadline : CompactFields(block.payload).field(name)?.deadline
        return deadline.map { Deadline.hasPassed($0, at: now) } ?? false
    }

    /// Whether some field may have expired.
    ///
    /// The caller holds the lock of the key's shard.
    package func mayHaveExpiredFields(now: Int64) -> Bool { block.mayHaveExpiredFields(now: now) }

    /// A live field of a hash.
    ///
    /// - Complexity: O(fields) in a compact hash, O(1) in a table.
    @inline(__always)
    package func field(_ name: Bytes, now: Int64) -> HashStore.Field? {
        if block.flags.contains(.table) { return tableField(name, now: now) }
        guard let field = CompactFields(block.payload).field(name), !Deadline.hasPassed(field.deadline, at: now) else {
            return nil
        }
        return HashStore.Field(value: field.value, deadline: Deadline.optional(field.deadline))
    }

    @inline(never)
    private func tableField(_ name: Bytes, now: Int64) -> HashStore.Field? {
        guard let field = block.fieldTable.read(name) else { return nil }
        let deadline = field.deadline
        guard !Deadline.hasPassed(deadline, at: now) else { return nil }
        return HashStore.Field(value: field.payload, deadline: Deadline.optional(deadline))
    }

    /// The number of fields that haven't expired.
    ///
    /// - Complexity: O(1) without field deadlines and in a table of which none has passed, else O(fields).
    package func liveFieldCount(now: Int64) -> Int {
        if block.flags.contains(.table) { return block.fieldTable.liveFieldCount(now: now) }
        guard block.flags.contains(.fieldDeadlines) else { return block.compactFieldCount }
        var iterator = CompactFields(block.payload).makeIterator()
        var count = 0
        while let field = iterator.next() {
            if !Deadline.hasPassed(field.deadline, at: now) { count += 1 }
        }
        return count
    }

    /// Calls a closure with each live field: of a compact hash in the order in which they were first set.
    package func forEachField(
        now: Int64, _ body: (_ name: Bytes, _ value: Bytes, _ deadline: Int64?) -> Void
    ) {
        if block.flags.contains(.table) {
            block.fieldTable.visitFields { field in
                let deadline = field.deadline
                if !Deadline.hasPassed(deadline, at: now) {
                    body(field.key, field.payload, Deadline.optional(deadline))
                }
            }
            return
        }
        var iterator = CompactFields(block.payload).makeIterator()
        while let field = iterator.next() {
            if !Deadline.hasPassed(field.deadline, at: now) {
                body(field.name, field.value, Deadline.optional(field.deadline))
            }
        }
    }

    /// Visits some live fields, so that calls with each call's result, from 0 until 0 comes back, visit every field
    /// that is present throughout.
    ///
    /// A compact hash is visited at once; so a hash that becomes compact between two calls is visited again from its
    /// beginning.
    ///
    /// - Parameters:
    ///   - cursor: 0 or the result of another call; the top 48 bits of a hash.
    ///   - limit: About how many fields to visit.
    ///   - now: The current tick.
    ///   - body: Called with each field.
    /// - Returns: Where to go on; 0 at the end.
    package func scanFields(
        cursor: UInt64, limit: Int, now: Int64, _ body: (_ name: Bytes, _ value: Bytes) -> Void
    ) -> UInt64 {
        guard block.flags.contains(.table) else {
            forEachField(now: now) { name, value, _ in body(name, value) }
            return 0
        }
        let table = block.fieldTable
        let hashKey = table.pointee.hashKey
        var position = cursor << HashStore.cursorShift
        var left = max(limit, 1)
        while left > 0 {
            let groupCount = table.pointee.table.groupCount(forElements: left)
            let visit = { (slot: UnsafeMutablePointer<PointerSlot>) in
                let field = EntryBlock(slot.pointer)
                left -= 1
                if !Deadline.hasPassed(field.deadline, at: now) { body(field.key, field.payload) }
            }
            let next = table.pointee.table.scan(
                from: position, groupCount: groupCount, mask: HashStore.cursorMask,
                hashOf: { hashKey.hash(EntryBlock($0.pointer).key) }, visit)
            guard let next else { return 0 }
            position = next
        }
        return position >> HashStore.cursorShift
    }

    /// A live field, each with the same probability.
    ///
    /// - Returns: `nil` if all fields have expired.
    package func randomField(
        now: Int64, using generator: inout some RandomNumberGenerator
    ) -> (name: Bytes, value: Bytes)? {
        if block.flags.contains(.table) {
            // Each try hits a field with a probability of at least an eighth, unless most have expired.
            for _ in 0..<256 {
                guard let slot = block.fieldTable.pointee.table.randomElement(using: &generator) else { continue }
                let field = EntryBlock(slot.pointer)
                if !Deadline.hasPassed(field.deadline, at: now) { return (field.key, field.payload) }
            }
        }
        let count = liveFieldCount(now: now)
        guard count > 0 else { return nil }
        var left = Int.random(in: 0..<count, using: &generator)
        var result: (name: Bytes, value: Bytes)?
        forEachField(now: now) { name, value, _ in
            if left == 0 { result = (name, value) }
            left -= 1
        }
        return result
    }
}
