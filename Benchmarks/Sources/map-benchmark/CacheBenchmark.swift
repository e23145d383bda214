import Strata
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Get-or-put on a cache that is too small: Zipf(0.99) over a million keys, room for 100 000, with one thread and with two.
///
/// An operation is a `get` and, if that found nothing, a `put`. The keys of each round were drawn before the clock starts;
/// one round that isn't counted fills the cache. Figures are nanoseconds per operation as one thread sees them, by the clock and
/// of processor time (which tells more on a machine that others use too), and the part of the requests that found something.
enum CacheBenchmark {
    static let keyCount = 1_000_000
    static let capacity = 100_000
    static let operationCount = 2_000_000
    static let exponent = 0.99

    static func run(rounds: Int) {
        let zipf = Zipf(count: keyCount, exponent: exponent)
        print(
            "Cache<UInt64, UInt64>, get or put, Zipf(\(exponent)) over \(keyCount) keys, capacity \(capacity)"
                + " (ns per operation and thread: median (range) of \(rounds) rounds)")
        for threads in [1, 2] {
            let cache = Cache<UInt64, UInt64>(maximumCount: capacity)
            var times = Rounds()
            var processorTimes = Rounds()
            var before = cache.statistics
            for round in 0...rounds {
                let sequences = (0..<threads).map { thread in
                    var numbers = Numbers(seed: UInt64(round * 31 + thread))
                    return (0..<operationCount).map { _ in zipf.next(using: &numbers) }
                }
                let processorTime = Atomic<UInt64>(0)
                let time = elapsed(threads: threads) { thread in
                    let start = threadNanoseconds()
                    blackHole(getOrPut(cache, sequences[thread]))
                    processorTime.add(threadNanoseconds() - start, ordering: .relaxed)
                }
                guard round > 0 else {
                    before = cache.statistics
                    continue
                }
                times.add(Double(time) / Double(operationCount))
                let total = processorTime.load(ordering: .relaxed)
                processorTimes.add(Double(total) / Double(operationCount * threads))
            }
            let after = cache.statistics
            let hits = Double(after.hitCount - before.hitCount)
            let ratio = hits / Double(after.requestCount - before.requestCount)
            print(
                "  \(padded("get or put, \(threads) thread\(threads == 1 ? "" : "s")", 32))"
                    + "\(padded("Cache " + times.text, 32))\(padded("processor " + processorTimes.text, 36))hit ratio \(fixed(ratio, 4))"
            )
        }
    }

    @inline(never)
    static func getOrPut(_ cache: Cache<UInt64, UInt64>, _ keys: [UInt64]) -> UInt64 {
        var sum: UInt64 = 0
        for key in keys {
            if let value = cache.get(key) { sum &+= value } else { cache.put(key, forKey: key) }
        }
        return sum
    }
}

/// Draws numbers so that the i-th most frequent one comes with a chance in proportion to 1 / i to the power of an exponent.
struct Zipf {
    /// The chance of the first i + 1 ranks together.
    private let cumulated: [Double]

    init(count: Int, exponent: Double) {
        var sum = 0.0
        var cumulated = (1...count).map { rank in
            sum += pow(Double(rank), -exponent)
            return sum
        }
        for index in cumulated.indices { cumulated[index] /= sum }
        self.cumulated = cumulated
    }

    /// A key: ranks are scattered over all 64 bits.
    func next(using numbers: inout Numbers) -> UInt64 {
        let drawn = Double(numbers.next() >> 11) / Double(1 << 53)
        var low = 0
        var high = cumulated.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] < drawn { low = middle + 1 } else { high = middle }
        }
        var scattered = Numbers(seed: UInt64(low))
        return scattered.next()
    }
}
