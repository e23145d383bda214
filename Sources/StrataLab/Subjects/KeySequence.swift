/// Operations with the keys themselves, made before anything is timed.
package struct KeySequence<Key: SubjectKey>: Sendable {
    /// The keys in order.
    package let keys: [Key]
    /// What is done with each; empty if all are read.
    package let kinds: [OperationKind]

    /// Makes the operations of a workload.
    package init(_ workload: Workload, count: Int, seed: UInt64, stream: Int) {
        let sequence = workload.sequence(count: count, seed: seed, stream: stream)
        keys = sequence.ranks.map { Key(bits: workload.shape.key(ofRank: $0)) }
        kinds = sequence.kinds
    }
}

extension MapSubject {
    /// Puts the keys of a workload in, in the order of their ranks.
    package func fill(_ workload: Workload) {
        for rank in 0..<workload.keyCount {
            setValue(Value(bits: UInt64(rank)), forKey: Key(bits: workload.shape.key(ofRank: rank)))
        }
    }

    /// Does a part of a sequence's operations; the loop that is measured.
    @inline(never)
    package func run(_ sequence: KeySequence<Key>, _ range: Range<Int>) {
        let keys = sequence.keys
        guard !sequence.kinds.isEmpty else {
            blackHole(read(keys, range))
            return
        }
        let kinds = sequence.kinds
        var sum: UInt64 = 0
        for index in range {
            let key = keys[index]
            switch kinds[index] {
            case .read: sum &+= value(forKey: key)?.checksum ?? 0
            case .update, .insert: setValue(Value(bits: UInt64(truncatingIfNeeded: index)), forKey: key)
            case .remove: removeValue(forKey: key)
            case .modify: modifyValue(forKey: key) { Value(bits: ($0?.checksum ?? 0) &+ 1) }
            }
        }
        blackHole(sum)
    }

    /// Reads one key after the other.
    @inline(never)
    package func read(_ keys: [Key], _ range: Range<Int>) -> UInt64 {
        var sum: UInt64 = 0
        for index in range { sum &+= value(forKey: keys[index])?.checksum ?? 0 }
        return sum
    }

    /// Reads many keys with each call.
    @inline(never)
    package func readInBulk(_ keys: [Key], _ range: Range<Int>, of size: Int) -> UInt64 {
        var sum: UInt64 = 0
        var start = range.lowerBound
        while start + size <= range.upperBound {
            for value in values(forKeys: keys[start..<start + size]) { sum &+= value?.checksum ?? 0 }
            start += size
        }
        return sum
    }
}
