package import Strata
import Synchronization

/// What is known of the operations of one map, from a sample of them.
///
/// **Concurrency:** recording is wait-free, apart from the allocation of what an operation needs the first time it is seen.
package final class OperationRecorder: OperationObserver {
    /// A trace that one of the slower operations belonged to.
    package struct Exemplar: Hashable, Sendable {
        /// Its identifier.
        package var traceID: String
        /// How long the operation took.
        package var seconds: Double
        /// When, in seconds since 1970.
        package var unixTime: Double
    }

    private final class OperationCounters: Sendable {
        let count = Atomic<Int>(0)
        let recorder = AtomicLazyReference<LatencyRecorder>()
        let exemplars = LockedValue<[Int: Exemplar]>([:])
    }

    private let operations = MapOperation.allCases.map { _ in OperationCounters() }
    private let hits = Atomic<Int>(0)
    private let misses = Atomic<Int>(0)
    private let samples = Atomic<Int>(0)
    private let stripes = (0..<OperationRecorder.stripeCount).map { _ in StripeCount() }
    package let hotKeys: HotKeys
    /// The trace that the calling thread's work belongs to.
    private let traceID: (@Sendable () -> String?)?

    private final class StripeCount: Sendable {
        private let value = Atomic<Int>(0)

        /// relaxed: a figure.
        func add(_ amount: Int) { value.wrappingAdd(amount, ordering: .relaxed) }
        var current: Int { value.load(ordering: .relaxed) }
    }

    private func stripe(of hash: UInt64) -> StripeCount {
        // The bits that maps choose their shards by.
        stripes[Int((hash >> 8) & UInt64(Self.stripeCount - 1))]
    }

    /// Into how many parts of hash space operations are counted, to see how evenly they are spread over shards.
    package static let stripeCount = 64

    /// Nothing recorded yet.
    package init(hotKeyCapacity: Int = 128, traceID: (@Sendable () -> String?)? = nil) {
        hotKeys = HotKeys(capacity: hotKeyCapacity)
        self.traceID = traceID
    }

    /// Enters a sampled operation.
    package func observe(_ sample: OperationSample, key: () -> String) {
        // relaxed, all: counters.
        samples.wrappingAdd(1, ordering: .relaxed)
        let counters = operations[Int(sample.operation.rawValue)]
        counters.count.wrappingAdd(sample.weight, ordering: .relaxed)
        if sample.operation == .getMany {
            // Each of its keys was asked for, too.
            operations[Int(MapOperation.get.rawValue)].count
                .wrappingAdd(sample.weight * sample.keyCount, ordering: .relaxed)
        }
        if sample.operation == .get || sample.operation == .getMany {
            hits.wrappingAdd(sample.weight * sample.foundCount, ordering: .relaxed)
            misses.wrappingAdd(sample.weight * (sample.keyCount - sample.foundCount), ordering: .relaxed)
        }
        if let nanoseconds = sample.nanoseconds {
            recorder(counters).record(nanoseconds, weight: sample.weight)
            if let traceID = traceID?() { keep(traceID, nanoseconds, counters) }
        }
        guard let hash = sample.hash else { return }
        if sample.operation == .get || sample.operation == .update {
            observeKey(hash: hash, weight: sample.weight, key: key)
        } else {
            stripe(of: hash).add(sample.weight)
        }
    }

    /// Enters the key of an operation, for hot keys and the spread over shards.
    package func observeKey(hash: UInt64, weight: Int, key: () -> String) {
        stripe(of: hash).add(weight)
        hotKeys.record(hash: hash, weight: weight, text: key)
    }

    private func recorder(_ counters: OperationCounters) -> LatencyRecorder {
        counters.recorder.load() ?? counters.recorder.storeIfNil(LatencyRecorder())
    }

    /// Keeps the trace for the bucket that its operation fell into.
    private func keep(_ traceID: String, _ nanoseconds: Int, _ counters: OperationCounters) {
        let bucket =
            MetricFamily.latencyBounds.firstIndex { Double(nanoseconds) / 1e9 <= $0 }
            ?? MetricFamily.latencyBounds.count
        let exemplar = Exemplar(
            traceID: traceID, seconds: Double(nanoseconds) / 1e9, unixTime: MonitorClock.unixSeconds())
        _ = counters.exemplars.withLockIfAvailable { $0[bucket] = exemplar }
    }

    /// Operations so far, estimated.
    package func count(_ operation: MapOperation) -> Int {
        operations[Int(operation.rawValue)].count.load(ordering: .relaxed)
    }

    /// What took how long so far; each sample counts for what it stands for.
    package func distribution(_ operation: MapOperation) -> LatencyDistribution {
        operations[Int(operation.rawValue)].recorder.load()?.distribution ?? LatencyDistribution()
    }

    /// All operations on single keys taken together.
    ///
    /// Calls for many keys take longer because they do more; among the others they would look like slow ones.
    package var distribution: LatencyDistribution {
        MapOperation.allCases.reduce(into: LatencyDistribution()) {
            if $1 != .getMany { $0.add(distribution($1)) }
        }
    }

    /// The traces kept for an operation, by the bucket of ``MetricFamily/latencyBounds``.
    package func exemplars(_ operation: MapOperation) -> [Int: Exemplar] {
        operations[Int(operation.rawValue)].exemplars.withLock { $0 }
    }

    /// Requests that found a value, estimated.
    package var hitCount: Int { hits.load(ordering: .relaxed) }
    /// Requests that found none, estimated.
    package var missCount: Int { misses.load(ordering: .relaxed) }
    /// How many operations were looked at.
    package var sampleCount: Int { samples.load(ordering: .relaxed) }

    /// Operations by part of hash space.
    package var stripeCounts: [Int] { stripes.map(\.current) }
}
