import Metrics
import Synchronization

/// The value of an instrument of swift-metrics, whatever kind it is.
///
/// **Concurrency:** from any thread; wait-free but for the addition of fractions, which is tried again when others add at the same moment.
final class Instrument: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    let kind: ExpositionMetricsFactory.Kind
    let name: String
    let labels: [MetricFamily.Label]
    /// The bits of a `Double`: the value of a counter or gauge, the sum of a histogram.
    private let bits = Atomic<UInt64>(0)
    private let buckets: [Bucket]

    private final class Bucket: Sendable {
        let count = Atomic<Int>(0)
    }

    /// The bounds of histograms without a unit: 1, 2.5, 5, 10 … 1 000 000.
    static let plainBounds: [Double] = [
        1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        1_000_000,
    ]

    init(kind: ExpositionMetricsFactory.Kind, name: String, labels: [(String, String)]) {
        self.kind = kind
        self.name = name
        self.labels = labels.map { (name: $0.0, value: $0.1) }
        buckets = (0..<Self.bucketCount(of: kind)).map { _ in Bucket() }
    }

    private static func bucketCount(of kind: ExpositionMetricsFactory.Kind) -> Int {
        switch kind {
        case .counter, .gauge: 0
        case .timer: MetricFamily.latencyBounds.count + 1
        case .histogram: plainBounds.count + 1
        }
    }

    private var bounds: [Double] { kind == .timer ? MetricFamily.latencyBounds : Self.plainBounds }

    // relaxed, everywhere: figures; nothing is published with them.
    private func add(_ amount: Double) {
        var before = bits.load(ordering: .relaxed)
        while true {
            let after = (Double(bitPattern: before) + amount).bitPattern
            let result = bits.weakCompareExchange(expected: before, desired: after, ordering: .relaxed)
            if result.exchanged { return }
            before = result.original
        }
    }

    private func count(_ value: Double) {
        let bounds = bounds
        buckets[bounds.firstIndex { value <= $0 } ?? bounds.count].count.wrappingAdd(1, ordering: .relaxed)
        add(value)
    }

    // MARK: What programs call

    func increment(by amount: Int64) { add(Double(amount)) }
    func increment(by amount: Double) { add(amount) }
    func decrement(by amount: Double) { add(-amount) }
    func reset() { bits.store(0, ordering: .relaxed) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }
    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { kind == .histogram ? count(value) : set(value) }
    func recordNanoseconds(_ duration: Int64) { count(Double(duration) / 1e9) }

    // MARK: What is shown

    /// The metric with this one time series.
    var family: MetricFamily {
        let value = Double(bitPattern: bits.load(ordering: .relaxed))
        let valid = ExpositionWriter.validName(name, colons: true)
        let help = "\(name), as the program reports it."
        switch kind {
        case .counter:
            return .counter(
                valid.hasSuffix("_total") ? valid : valid + "_total", help: help, [.init(value, labels: labels)])
        case .gauge:
            return .gauge(valid, help: help, [.init(value, labels: labels)])
        case .timer, .histogram:
            let counts = buckets.map { $0.count.load(ordering: .relaxed) }
            let unit = kind == .timer && !valid.hasSuffix("_seconds") ? "_seconds" : ""
            return .histogram(
                valid + unit, help: help,
                [.init(MetricFamily.Histogram(bounds: bounds, counts: counts, sum: value), labels: labels)])
        }
    }
}
