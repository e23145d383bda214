public import Metrics
import Synchronization

/// A backend for swift-metrics that keeps the values of all instruments for `/metrics`.
///
/// ```swift
/// let factory = ExpositionMetricsFactory()
/// MetricsSystem.bootstrap(factory)
/// let registration = try MapRegistry.shared.registerMetrics(name: "swift-metrics") { factory.families() }
/// ```
///
/// Counters become counters, meters and recorders that don't aggregate become gauges, timers become histograms in seconds, and recorders that aggregate
/// histograms without a unit. Dots and other characters that names may not have become underscores. Labels are what the program gives as dimensions: there is a
/// limit to the number of time series, and instruments beyond it do nothing and are counted.
///
/// **Concurrency:** from any thread; a value is recorded with one or two atomic operations.
public final class ExpositionMetricsFactory: MetricsFactory {
    /// What tells an instrument from others.
    struct Identity: Hashable, Sendable {
        var kind: Kind
        var name: String
        var labels: [String]
    }

    /// What an instrument becomes.
    enum Kind: Hashable, Sendable {
        case counter
        case gauge
        case timer
        case histogram
    }

    /// How many time series there may be.
    public let seriesLimit: Int
    private let instruments = LockedValue<(byIdentity: [Identity: Instrument], order: [Identity])>(([:], []))
    private let dropped = Atomic<Int>(0)

    /// A factory without instruments.
    ///
    /// - Parameter seriesLimit: How many instruments with different names or dimensions there may be, 1 to 1 000 000.
    public init(seriesLimit: Int = 10_000) { self.seriesLimit = min(max(seriesLimit, 1), 1_000_000) }

    /// Instruments that do nothing because there were too many.
    public var droppedInstrumentCount: Int { dropped.load(ordering: .relaxed) }

    private func instrument(_ kind: Kind, _ label: String, _ dimensions: [(String, String)]) -> Instrument {
        let identity = Identity(kind: kind, name: label, labels: dimensions.flatMap { [$0.0, $0.1] })
        return instruments.withLock { instruments in
            if let existing = instruments.byIdentity[identity] { return existing }
            let instrument = Instrument(kind: kind, name: label, labels: dimensions)
            guard instruments.order.count < seriesLimit else {
                dropped.wrappingAdd(1, ordering: .relaxed)
                return instrument
            }
            instruments.byIdentity[identity] = instrument
            instruments.order.append(identity)
            return instrument
        }
    }

    private func remove(_ handler: AnyObject) {
        guard let instrument = handler as? Instrument else { return }
        let identity = Identity(
            kind: instrument.kind, name: instrument.name, labels: instrument.labels.flatMap { [$0.name, $0.value] })
        instruments.withLock { instruments in
            guard instruments.byIdentity.removeValue(forKey: identity) != nil else { return }
            instruments.order.removeAll { $0 == identity }
        }
    }

    /// The values of all instruments as metrics, in the order the instruments were made.
    public func families() -> [MetricFamily] {
        let all = instruments.withLock { instruments in instruments.order.compactMap { instruments.byIdentity[$0] } }
        var families = MetricFamily.merged(all.map(\.family))
        if droppedInstrumentCount > 0 {
            families.append(
                .counter(
                    "strata_dropped_instruments_total", help: "Instruments that do nothing because there are too many.",
                    [.init(droppedInstrumentCount)]))
        }
        return families
    }

    // MARK: MetricsFactory

    /// Makes a counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        instrument(.counter, label, dimensions)
    }

    /// Makes a counter of fractions.
    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        instrument(.counter, label, dimensions)
    }

    /// Makes a meter: a value that goes up and down.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        instrument(.gauge, label, dimensions)
    }

    /// Makes a recorder: of the last value, or of all.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        instrument(aggregate ? .histogram : .gauge, label, dimensions)
    }

    /// Makes a timer.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        instrument(.timer, label, dimensions)
    }

    /// Forgets a counter.
    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    /// Forgets a counter of fractions.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    /// Forgets a meter.
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    /// Forgets a recorder.
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    /// Forgets a timer.
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }
}
