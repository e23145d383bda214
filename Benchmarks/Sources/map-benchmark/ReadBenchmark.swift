/// Reads of keys that are there, uniform over a million, with one thread and with two, and with some writes among them.
///
/// The subjects take turns round by round, so that a change of the machine's mood hits both. Figures are nanoseconds per
/// operation as one thread sees them.
enum ReadBenchmark {
    struct Result {
        var reads: [Int: Rounds] = [:]
        var mixed: [Int: Rounds] = [:]
        var checksum: UInt64 = 0
    }

    static let keyCount = 1_000_000
    static let operationCount = 2_000_000

    /// One subject with the keys to ask for.
    final class Run<S: Subject>: Sendable where S.Value == UInt64 {
        let subject = S()
        let keys: [S.Key]

        init(_ key: (Int) -> S.Key) {
            let keys = (0..<ReadBenchmark.keyCount).map(key)
            for (index, key) in keys.enumerated() { subject.set(key, UInt64(index)) }
            self.keys = keys
        }

        /// Nanoseconds per operation and thread.
        func round(threads: Int, writePercentage: UInt64, seed: UInt64) -> Double {
            let count = ReadBenchmark.operationCount
            // The order of the keys is made before the clock starts: one sequence per thread.
            let sequences = (0..<threads).map { thread in
                var numbers = Numbers(seed: seed &* 31 &+ UInt64(thread))
                return (0..<count).map { _ in keys[Int(numbers.next() % UInt64(ReadBenchmark.keyCount))] }
            }
            let time = elapsed(threads: threads) { [self] thread in
                if writePercentage == 0 {
                    blackHole(read(sequences[thread]))
                } else {
                    blackHole(mix(sequences[thread], writePercentage))
                }
            }
            return Double(time) / Double(count)
        }

        @inline(never)
        func read(_ sequence: [S.Key]) -> UInt64 {
            var sum: UInt64 = 0
            for key in sequence { sum &+= subject.get(key) ?? 0 }
            return sum
        }

        @inline(never)
        func mix(_ sequence: [S.Key], _ writePercentage: UInt64) -> UInt64 {
            var sum: UInt64 = 0
            var turn: UInt64 = 0
            for key in sequence {
                turn = (turn &+ 37) % 100
                if turn < writePercentage { subject.set(key, turn) } else { sum &+= subject.get(key) ?? 0 }
            }
            return sum
        }
    }

    static func integers(rounds: Int) {
        var numbers = Numbers(seed: 1)
        let keys = (0..<keyCount).map { _ in numbers.next() }
        let ours = Run<StrataSubject<UInt64, UInt64>> { keys[$0] }
        let theirs = Run<MutexSubject<UInt64, UInt64>> { keys[$0] }
        print(
            "UInt64 → UInt64, \(keyCount) keys, uniform (ns per operation and thread: median (range) of \(rounds) rounds)"
        )
        compare(ours, theirs, rounds: rounds, [(1, 0, 1.6), (2, 0, 5), (2, 5, nil), (2, 50, nil)])
    }

    static func strings(rounds: Int) {
        let ours = Run<StrataSubject<String, UInt64>> { "key-\($0 + 10_000_000)" }
        let theirs = Run<MutexSubject<String, UInt64>> { "key-\($0 + 10_000_000)" }
        print("12-byte String → UInt64, \(keyCount) keys, uniform")
        compare(ours, theirs, rounds: rounds, [(1, 0, nil), (2, 0, nil)])
    }

    private static func compare<A, B>(
        _ ours: Run<A>, _ theirs: Run<B>, rounds: Int, _ cases: [(threads: Int, writes: UInt64, target: Double?)]
    ) {
        for (threads, writes, target) in cases {
            var ourRounds = Rounds()
            var theirRounds = Rounds()
            for round in 0..<rounds {
                let seed = UInt64(round)
                ourRounds.add(ours.round(threads: threads, writePercentage: writes, seed: seed))
                theirRounds.add(theirs.round(threads: threads, writePercentage: writes, seed: seed))
            }
            let kind = writes == 0 ? "get hit" : "\(100 - writes) % get, \(writes) % set"
            let ratio = theirRounds.median / ourRounds.median
            let verdict = target.map { " (target \(fixed($0, 1))×: \(ratio >= $0 ? "reached" : "MISSED"))" } ?? ""
            print(
                "  \(padded("\(kind), \(threads) thread\(threads == 1 ? "" : "s")", 32))"
                    + "\(padded(A.title + " " + ourRounds.text, 40))\(padded(B.title + " " + theirRounds.text, 46))"
                    + "\(fixed(ratio, 2))×\(verdict)")
        }
    }
}

/// Keeps the optimizer from dropping a result.
@inline(never)
func blackHole(_ value: UInt64) {
    if value == 0x0123_4567_89ab_cdef { print("") }
}
