/// A name and a value to be set.
struct FieldInput {
    let name: Bytes
    let value: Bytes
}

extension StoreWriter {
    /// What a rebuild of a compact hash comes to.
    enum Rebuilt {
        /// The block, and how many fields are new in it; one that replaces an expired one is.
        case block(EntryBlock, createdCount: Int)
        /// The result would be too large for a block.
        case tooLarge
    }

    /// Builds the block of a compact hash with some fields set.
    ///
    /// Others that have expired stay until they are collected.
    ///
    /// - Parameters:
    ///   - old: The present block, if there is one.
    ///   - key: The key.
    ///   - inputs: Names and values; of equal names the last counts.
    ///   - change: What becomes of the deadlines of the fields set.
    ///   - countLimit: The most fields a block may have.
    /// - Returns: The unpublished block, or that there can be none.
    func rebuild(
        _ old: EntryBlock?, _ key: HashStore.Key, _ inputs: UnsafeBufferPointer<FieldInput>,
        _ change: HashStore.DeadlineChange, countLimit: Int
    ) -> Rebuilt {
        if inputs.count == 1, let old, !old.flags.contains(.fieldDeadlines) {
            return rebuildWithOne(old, key, inputs[0], change, countLimit: countLimit)
        }
        return withUnsafeTemporaryAllocation(of: Int32.self, capacity: inputs.count) { order in
            // For each existing field, in order: what to do with it.
            withUnsafeTemporaryAllocation(of: Int32.self, capacity: max(old?.compactFieldCount ?? 0, 1)) { plan in
                rebuildWithMany(old, key, inputs, change, countLimit: countLimit, order: order, plan: plan)
            }
        }
    }

    /// The common case: one field set in a hash without field deadlines.
    ///
    /// One pass to find it, one to copy.
    private func rebuildWithOne(
        _ old: EntryBlock, _ key: HashStore.Key, _ input: FieldInput, _ change: HashStore.DeadlineChange,
        countLimit: Int
    ) -> Rebuilt {
        let payload = old.payload
        let existing = CompactFields(payload).field(input.name)
        let count = old.compactFieldCount + (existing == nil ? 1 : 0)
        if count > countLimit { return .tooLarge }
        let deadline = change.applied(to: Deadline.none)
        let length = CompactFields.encodedLength(
            nameLength: input.name.count, valueLength: input.value.count, hasDeadline: deadline != Deadline.none)
        let start = payload.baseAddress.unsafelyUnwrapped
        let replaced = existing?.encoded ?? Bytes(start: start + payload.count, count: 0)
        let prefixLength = replaced.baseAddress.unsafelyUnwrapped - start
        if payload.count - replaced.count + length > EncodingLimits.largestPayloadLength { return .tooLarge }
        let block = EntryBlock.allocate(
            deadline == Deadline.none ? .hash : [.hash, .fieldDeadlines], key: key.bytes,
            access: old.accessWhenWritten(now: now), deadline: old.deadline,
            payloadLength: payload.count - replaced.count + length,
            payloadCapacity: payload.count - replaced.count + length, fieldCount: count)
        var place = block.payloadStart.writing(Bytes(start: start, count: prefixLength))
        place = CompactFields.write(name: input.name, value: input.value, deadline: deadline, to: place)
        _ = place.writing(Bytes(rebasing: payload[(prefixLength + replaced.count)...]))
        return .block(block, createdCount: existing == nil ? 1 : 0)
    }

    private static let keep: Int32 = -1

    private func rebuildWithMany(
        _ old: EntryBlock?, _ key: HashStore.Key, _ inputs: UnsafeBufferPointer<FieldInput>,
        _ change: HashStore.DeadlineChange, countLimit: Int, order: UnsafeMutableBufferPointer<Int32>,
        plan: UnsafeMutableBufferPointer<Int32>
    ) -> Rebuilt {
        // First pass: decide and measure. order[i] is 1 if input i takes the place of an existing field, 2 if it is a new
        // one, 0 if a later input has the same name.
        order.initialize(repeating: 0)
        var length = 0
        var count = 0
        var replacedExpiredCount = 0
        var hasDeadlines = false
        if let old {
            var iterator = CompactFields(old.payload).makeIterator()
            var index = 0
            while let field = iterator.next() {
                defer { index += 1 }
                count += 1
                guard let match = lastIndex(of: field.name, in: inputs) else {
                    plan[index] = Self.keep
                    length += field.encoded.count
                    hasDeadlines = hasDeadlines || field.deadline != Deadline.none
                    continue
                }
                plan[index] = Int32(truncatingIfNeeded: match)
                order[match] = 1
                if Deadline.hasPassed(field.deadline, at: now) { replacedExpiredCount += 1 }
                let deadline = change.applied(to: presentDeadline(of: field))
                hasDeadlines = hasDeadlines || deadline != Deadline.none
                length += CompactFields.encodedLength(
                    nameLength: field.name.count, valueLength: inputs[match].value.count,
                    hasDeadline: deadline != Deadline.none)
            }
        }
        let newDeadline = change.applied(to: Deadline.none)
        let survivorCount = count
        var hasDuplicates = false
        for index in 0..<inputs.count where order[index] == 0 {
            let match = lastIndex(of: inputs[index].name, in: inputs).unsafelyUnwrapped
            if match != index { hasDuplicates = true }
            guard order[match] == 0 else { continue }
            order[match] = 2
            count += 1
            hasDeadlines = hasDeadlines || newDeadline != Deadline.none
            length += CompactFields.encodedLength(
                nameLength: inputs[index].name.count, valueLength: inputs[match].value.count,
                hasDeadline: newDeadline != Deadline.none)
        }
        guard count <= countLimit, length <= EncodingLimits.largestPayloadLength else { return .tooLarge }

        // Second pass: write.
        let block = EntryBlock.allocate(
            hasDeadlines ? [.hash, .fieldDeadlines] : .hash, key: key.bytes,
            access: old?.accessWhenWritten(now: now) ?? AccessWord(createdAt: now),
            deadline: old?.deadline ?? Deadline.none, payloadLength: length, payloadCapacity: length, fieldCount: count)
        var place = block.payloadStart
        if let old {
            var iterator = CompactFields(old.payload).makeIterator()
            var index = 0
            while let field = iterator.next() {
                switch plan[index] {
                case Self.keep: place = place.writing(field.encoded)
                case let match:
                    place = CompactFields.write(
                        name: field.name, value: inputs[Int(match)].value,
                        deadline: change.applied(to: presentDeadline(of: field)), to: place)
                }
                index += 1
            }
        }
        // New fields come in the order in which their names come first.
        for index in 0..<inputs.count where hasDuplicates || order[index] == 2 {
            let input = inputs[index]
            let match = hasDuplicates ? lastIndex(of: input.name, in: inputs).unsafelyUnwrapped : index
            guard order[match] == 2 else { continue }
            order[match] = 1
            place = CompactFields.write(
                name: input.name, value: inputs[match].value, deadline: newDeadline, to: place)
        }
        assert(place == block.payloadStart + length)
        return .block(block, createdCount: count - survivorCount + replacedExpiredCount)
    }

    /// The deadline that a field has from the point of view of what replaces it: an expired field leaves none behind.
    private func presentDeadline(of field: CompactFields.Field) -> Int64 {
        Deadline.hasPassed(field.deadline, at: now) ? Deadline.none : field.deadline
    }

    private func lastIndex(of name: Bytes, in inputs: UnsafeBufferPointer<FieldInput>) -> Int? {
        var index = inputs.count - 1
        while index >= 0 {
            if inputs[index].name.hasSameBytes(as: name) { return index }
            index -= 1
        }
        return nil
    }

    /// What to do with a field when a block is rebuilt field by field.
    enum FieldDecision {
        case keep
        case drop
        case setDeadline(Int64)
    }

    /// Builds a block from a compact hash field by field.
    ///
    /// `decide` is called twice for each field, in order, and must answer alike.
    ///
    /// - Returns: The block, or `nil` if no field is left.
    func rebuild(_ old: EntryBlock, _ decide: (CompactFields.Field) -> FieldDecision) -> EntryBlock? {
        var length = 0
        var count = 0
        // A hash that loses its last field deadline keeps the name of the encoding until it is next written to.
        var hasDeadlines = old.flags.contains(.fieldDeadlines)
        var iterator = CompactFields(old.payload).makeIterator()
        while let field = iterator.next() {
            var deadline = field.deadline
            switch decide(field) {
            case .drop: continue
            case .keep: break
            case .setDeadline(let new): deadline = new
            }
            count += 1
            hasDeadlines = hasDeadlines || deadline != Deadline.none
            length += CompactFields.encodedLength(
                nameLength: field.name.count, valueLength: field.value.count, hasDeadline: deadline != Deadline.none)
        }
        guard count > 0 else { return nil }
        let block = EntryBlock.allocate(
            hasDeadlines ? [.hash, .fieldDeadlines] : .hash, key: old.key, access: old.accessWhenWritten(now: now),
            deadline: old.deadline, payloadLength: length, payloadCapacity: length, fieldCount: count)
        var place = block.payloadStart
        iterator = CompactFields(old.payload).makeIterator()
        while let field = iterator.next() {
            switch decide(field) {
            case .drop: break
            case .keep: place = place.writing(field.encoded)
            case .setDeadline(let deadline):
                place = CompactFields.write(name: field.name, value: field.value, deadline: deadline, to: place)
            }
        }
        assert(place == block.payloadStart + length)
        return block
    }
}
