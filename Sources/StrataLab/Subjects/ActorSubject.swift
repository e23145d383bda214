/// An actor around a dictionary: what Swift's concurrency suggests.
///
/// It is asked by tasks, not threads, and each operation may suspend its task; the loops are in the actor's own file for that reason.
package actor ActorDictionary<Key: SubjectKey, Value: SubjectValue> {
    private var map: [Key: Value] = [:]

    /// Makes an empty map.
    package init() {}
    /// The value of a key.
    package func value(forKey key: Key) -> Value? { map[key] }
    /// Gives a key a value.
    package func setValue(_ value: Value, forKey key: Key) { map[key] = value }
    /// Gives many keys a value in one step, to fill the map.
    package func fill(_ keys: [Key]) {
        for (index, key) in keys.enumerated() { map[key] = Value(bits: UInt64(index)) }
    }
}

extension ActorDictionary {
    /// What it is called in reports.
    package static var title: String { "actor" }

    /// Runs operations, one sequence in each task.
    ///
    /// - Returns: The nanoseconds from the first task's start to the last one's end.
    package nonisolated func run(_ sequences: [KeySequence<Key>], operationCount: Int) async -> UInt64 {
        let start = Nanoseconds.now()
        await withTaskGroup(of: Void.self) { group in
            for sequence in sequences {
                group.addTask { await self.run(sequence, operationCount) }
            }
        }
        return Nanoseconds.now() - start
    }

    private nonisolated func run(_ sequence: KeySequence<Key>, _ count: Int) async {
        var sum: UInt64 = 0
        for index in 0..<min(count, sequence.keys.count) {
            let key = sequence.keys[index]
            if sequence.kinds.isEmpty || sequence.kinds[index] == .read {
                sum &+= await value(forKey: key)?.checksum ?? 0
            } else {
                await setValue(Value(bits: UInt64(index)), forKey: key)
            }
        }
        blackHole(sum)
    }
}
