public import Metrics
import Synchronization

/// Reports what a monitor knows to the program's own backend of swift-metrics, every few seconds.
///
/// ```swift
/// MetricsSystem.bootstrap(myBackend)
/// let bridge = MetricsBridge(monitor)
/// bridge.start()
/// ```
///
/// It has a thread of its own. A backend that takes long, or never returns, holds up that thread and nothing else: maps and monitor don't know of it, and
/// nobody waits for it, ``stop()`` neither. Counters are reported as what was added since the last time. Histograms are reported as a counter of their count, one
/// of their sum, and gauges of their median, 99th and 99.9th percentile since the last time.
///
/// **Concurrency:** from any thread.
public final class MetricsBridge: Sendable {
    private let monitor: MapMonitor
    private let factory: any MetricsFactory
    private let interval: Double
    private let thread = LockedValue<BackgroundThread?>(nil)
    private let reporter = LockedValue(MetricsReporter())
    /// Reports finished, and begun.
    private let finished = Atomic<Int>(0)
    private let begun = Atomic<Int>(0)

    /// Prepares a bridge.
    ///
    /// - Parameters:
    ///   - monitor: Where figures come from.
    ///   - factory: Where they go; `nil` for what the program has bootstrapped.
    ///   - interval: How often, in seconds; at least 0.1.
    public init(_ monitor: MapMonitor, factory: (any MetricsFactory)? = nil, interval: Double = 10) {
        self.monitor = monitor
        self.factory = factory ?? MetricsSystem.factory
        self.interval = max(interval, 0.1)
    }

    deinit { stop() }

    /// Begins to report.
    ///
    /// Does nothing if it has begun, or if the backend is one whose instruments are at `/metrics` already.
    public func start() {
        guard !(factory is ExpositionMetricsFactory) else { return }
        thread.withLock { thread in
            guard thread == nil else { return }
            thread = BackgroundThread(interval: interval) { [weak self] in self?.report() }
        }
    }

    /// Ceases to report.
    ///
    /// Doesn't wait for a report that is under way.
    public func stop() {
        thread.withLock { thread in
            thread?.stop()
            thread = nil
        }
    }

    /// Reports once, on the calling thread.
    ///
    /// Does nothing while another thread is at it: one that a backend holds up isn't joined by others.
    public func report() {
        let families = monitor.ownMetrics()
        let factory = factory
        _ = reporter.withLockIfAvailable { reporter in
            begun.wrappingAdd(1, ordering: .relaxed)
            reporter.report(families, to: factory)
            finished.wrappingAdd(1, ordering: .relaxed)
        }
    }

    /// How many reports were finished.
    public var reportCount: Int { finished.load(ordering: .relaxed) }
    /// Whether a report was begun and isn't finished.
    public var isReporting: Bool { begun.load(ordering: .relaxed) != finished.load(ordering: .relaxed) }
}

/// What was reported last, and the instruments it was reported to.
///
/// One thread at a time.
struct MetricsReporter {
    private var counters: [String: (handler: any FloatingPointCounterHandler, last: Double)] = [:]
    private var gauges: [String: any RecorderHandler] = [:]
    private var buckets: [String: [Int]] = [:]

    init() {}

    mutating func report(_ families: [MetricFamily], to factory: any MetricsFactory) {
        for family in MetricFamily.merged(families) {
            for sample in family.samples {
                if let histogram = sample.histogram {
                    report(histogram, family.name, sample.labels, factory)
                } else if family.kind == .counter {
                    count(sample.value, family.name, sample.labels, factory)
                } else {
                    record(sample.value, family.name, sample.labels, factory)
                }
            }
        }
    }

    private static func key(_ name: String, _ labels: [MetricFamily.Label]) -> String {
        labels.reduce(name) { "\($0)\u{1f}\($1.name)\u{1f}\($1.value)" }
    }

    private mutating func count(
        _ value: Double, _ name: String, _ labels: [MetricFamily.Label], _ factory: any MetricsFactory
    ) {
        let key = Self.key(name, labels)
        let known = counters[key]
        let handler =
            known?.handler
            ?? factory.makeFloatingPointCounter(label: name, dimensions: labels.map { ($0.name, $0.value) })
        let last = known?.last ?? 0
        // What is less than before has begun anew.
        let added = value >= last ? value - last : value
        if added > 0 { handler.increment(by: added) }
        counters[key] = (handler, value)
    }

    private mutating func record(
        _ value: Double, _ name: String, _ labels: [MetricFamily.Label], _ factory: any MetricsFactory
    ) {
        let key = Self.key(name, labels)
        let handler =
            gauges[key]
            ?? factory.makeRecorder(label: name, dimensions: labels.map { ($0.name, $0.value) }, aggregate: false)
        gauges[key] = handler
        handler.record(value)
    }

    private mutating func report(
        _ histogram: MetricFamily.Histogram, _ name: String, _ labels: [MetricFamily.Label],
        _ factory: any MetricsFactory
    ) {
        count(Double(histogram.counts.reduce(0, +)), name + "_count", labels, factory)
        count(histogram.sum, name + "_sum", labels, factory)
        let key = Self.key(name, labels)
        let former = buckets[key] ?? Array(repeating: 0, count: histogram.counts.count)
        let recent = zip(histogram.counts, former).map { max($0 - $1, 0) }
        buckets[key] = histogram.counts
        guard recent.contains(where: { $0 > 0 }) else { return }
        for (suffix, part) in [("_p50", 0.5), ("_p99", 0.99), ("_p999", 0.999)] {
            record(Self.quantile(part, recent, histogram.bounds), name + suffix, labels, factory)
        }
    }

    /// The upper bound of the bucket where a part of all lies; of the last bucket, the bound below it.
    private static func quantile(_ part: Double, _ counts: [Int], _ bounds: [Double]) -> Double {
        var left = Double(counts.reduce(0, +)) * part
        for (index, count) in counts.enumerated() {
            left -= Double(count)
            if left <= 0 { return bounds[min(index, bounds.count - 1)] }
        }
        return bounds.last ?? 0
    }
}
