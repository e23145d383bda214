/// A metric with all its time series at one moment.
public struct MetricFamily: Sendable {
    /// What kind of metric.
    public enum Kind: String, Sendable {
        /// Values that only grow; the name ends in `_total`.
        case counter
        /// Values that go up and down.
        case gauge
        /// How often something took how much.
        case histogram
    }

    /// A label of a time series.
    public typealias Label = (name: String, value: String)

    /// One time series.
    public struct Sample: Sendable {
        /// What tells it from the others of its family.
        public var labels: [Label]
        /// The value of a counter or gauge.
        public var value: Double
        /// The counts and the sum of a histogram.
        public var histogram: Histogram?

        /// A sample of a counter or gauge.
        public init(_ value: Double, labels: [Label] = []) {
            self.labels = labels
            self.value = value
        }

        /// A sample of a counter or gauge that is a whole number.
        public init(_ value: some BinaryInteger, labels: [Label] = []) { self.init(Double(value), labels: labels) }

        /// A sample of a histogram.
        public init(_ histogram: Histogram, labels: [Label] = []) {
            self.init(0.0, labels: labels)
            self.histogram = histogram
        }
    }

    /// Counts by size.
    public struct Histogram: Sendable {
        /// The upper bounds of the buckets, ascending; a last bucket without a bound follows.
        public var bounds: [Double]
        /// How many fell into each bucket, one more than there are bounds; not cumulative.
        public var counts: [Int]
        /// All of them added.
        public var sum: Double
        /// An example for some of the buckets.
        public var exemplars: [Int: Exemplar]

        /// A histogram.
        ///
        /// - Parameters:
        ///   - bounds: The upper bounds of the buckets, ascending.
        ///   - counts: One count more than there are bounds; missing ones are 0.
        ///   - sum: All of them added.
        ///   - exemplars: Examples by bucket.
        public init(bounds: [Double], counts: [Int], sum: Double, exemplars: [Int: Exemplar] = [:]) {
            self.bounds = bounds
            self.counts = Array(counts.prefix(bounds.count + 1))
            self.counts += Array(repeating: 0, count: bounds.count + 1 - self.counts.count)
            self.sum = sum
            self.exemplars = exemplars
        }
    }

    /// An operation that stands for those of a bucket.
    public struct Exemplar: Sendable {
        /// Its labels, as a rule `trace_id`; together at most 128 characters.
        public var labels: [Label]
        /// How much it took.
        public var value: Double
        /// When, in seconds since 1970.
        public var unixTime: Double

        /// An exemplar.
        public init(labels: [Label], value: Double, unixTime: Double) {
            self.labels = labels
            self.value = value
            self.unixTime = unixTime
        }
    }

    /// Its name, with the unit in it and, for counters, `_total` at the end.
    public var name: String
    /// What it means, in one sentence.
    public var help: String
    /// What kind.
    public var kind: Kind
    /// The time series.
    public var samples: [Sample]

    /// A metric.
    public init(_ kind: Kind, _ name: String, help: String, _ samples: [Sample]) {
        self.kind = kind
        self.name = name
        self.help = help
        self.samples = samples
    }

    /// A counter.
    public static func counter(_ name: String, help: String, _ samples: [Sample]) -> MetricFamily {
        MetricFamily(.counter, name, help: help, samples)
    }

    /// A gauge.
    public static func gauge(_ name: String, help: String, _ samples: [Sample]) -> MetricFamily {
        MetricFamily(.gauge, name, help: help, samples)
    }

    /// A histogram.
    public static func histogram(_ name: String, help: String, _ samples: [Sample]) -> MetricFamily {
        MetricFamily(.histogram, name, help: help, samples)
    }

    /// The bounds of the buckets of latencies in seconds: 100 ns to 1 s in steps of about ×2.5.
    public static let latencyBounds: [Double] = [
        0.000_000_1, 0.000_000_25, 0.000_000_5, 0.000_001, 0.000_002_5, 0.000_005, 0.000_01, 0.000_025, 0.000_05,
        0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1,
    ]

    /// Families of one name put together, in the order the names first came: a name is written once.
    ///
    /// Of families that disagree about their kind, the first is right and the others are left out.
    static func merged(_ families: [MetricFamily]) -> [MetricFamily] {
        var places: [String: Int] = [:]
        var merged: [MetricFamily] = []
        for family in families {
            if let place = places[family.name] {
                if merged[place].kind == family.kind { merged[place].samples += family.samples }
            } else {
                places[family.name] = merged.count
                merged.append(family)
            }
        }
        return merged
    }
}
