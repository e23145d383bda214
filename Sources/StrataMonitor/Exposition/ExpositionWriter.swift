/// Writes metrics as text, in the format of Prometheus (version 0.0.4) or in OpenMetrics 1.0.
///
/// A family is written whole, with its `HELP` and `TYPE` lines first. Names and label names are made valid, label values and help texts are escaped. There is a
/// limit to the number of time series: what is beyond it is left out and counted, so that a mistake in a program's labels doesn't become one of its monitoring.
public struct ExpositionWriter: Sendable {
    /// The format.
    public let format: ExpositionFormat
    /// How many time series are written at most; each bucket of a histogram is one.
    public let seriesLimit: Int
    /// The text so far, as UTF-8.
    public private(set) var bytes: [UInt8] = []
    /// Time series written.
    public private(set) var seriesCount = 0
    /// Time series left out.
    public private(set) var droppedSeriesCount = 0

    /// The usual limit: a hundred maps make about 6000.
    public static let usualSeriesLimit = 50_000

    /// A writer without text.
    public init(format: ExpositionFormat = .prometheus, seriesLimit: Int = Self.usualSeriesLimit) {
        self.format = format
        self.seriesLimit = seriesLimit
        bytes.reserveCapacity(16 << 10)
    }

    /// Metrics as text.
    ///
    /// - Parameters:
    ///   - families: The metrics; those of one name are put together.
    ///   - format: The format.
    ///   - seriesLimit: How many time series are written at most.
    /// - Returns: UTF-8.
    public static func text(
        _ families: [MetricFamily], format: ExpositionFormat = .prometheus, seriesLimit: Int = Self.usualSeriesLimit
    ) -> [UInt8] {
        var writer = ExpositionWriter(format: format, seriesLimit: seriesLimit)
        for family in MetricFamily.merged(families) { writer.write(family) }
        writer.finish()
        return writer.bytes
    }

    /// Writes a family; nothing for one without time series.
    public mutating func write(_ family: MetricFamily) {
        let samples = family.samples.filter { sample in
            let count = sample.histogram.map { $0.counts.count + 2 } ?? 1
            guard seriesCount + count <= seriesLimit else {
                droppedSeriesCount += count
                return false
            }
            seriesCount += count
            return true
        }
        guard !samples.isEmpty else { return }
        var name = Self.validName(family.name, colons: true)
        if family.kind == .counter, name.hasSuffix("_total") { name.removeLast("_total".count) }
        let series = family.kind == .counter ? name + "_total" : name
        let described = format == .openMetrics ? name : series
        append("# HELP \(described) ")
        appendEscaped(family.help, quotes: format == .openMetrics)
        append("\n# TYPE \(described) \(family.kind.rawValue)\n")
        for sample in samples {
            let labels = Self.text(of: sample.labels)
            if let histogram = sample.histogram {
                write(histogram, series, labels)
            } else {
                line(series, labels, sample.value)
                append("\n")
            }
        }
    }

    /// Ends the text: says what was left out, and that this is all.
    public mutating func finish() {
        if droppedSeriesCount > 0 {
            let name = "strata_dropped_series"
            append("# HELP \(name) Time series left out because there are too many.\n# TYPE \(name) gauge\n")
            append("\(name) \(droppedSeriesCount)\n")
        }
        if format == .openMetrics { append("# EOF\n") }
    }

    private mutating func write(_ histogram: MetricFamily.Histogram, _ name: String, _ labels: [UInt8]) {
        var cumulative = 0
        for (index, count) in histogram.counts.enumerated() {
            cumulative += count
            let bound = index < histogram.bounds.count ? Self.number(histogram.bounds[index], isBound: true) : "+Inf"
            append(name)
            append("_bucket{")
            bytes += labels
            if !labels.isEmpty { append(",") }
            append("le=\"\(bound)\"} \(cumulative)")
            if format == .openMetrics, let exemplar = histogram.exemplars[index] { write(exemplar) }
            append("\n")
        }
        line(name + "_sum", labels, histogram.sum)
        append("\n")
        line(name + "_count", labels, Double(cumulative))
        append("\n")
    }

    private mutating func write(_ exemplar: MetricFamily.Exemplar) {
        // A limit of the format: longer ones must be left out.
        guard exemplar.labels.reduce(0, { $0 + $1.name.unicodeScalars.count + $1.value.unicodeScalars.count }) <= 128
        else {
            return
        }
        append(" # {")
        bytes += Self.text(of: exemplar.labels)
        append("} \(Self.number(exemplar.value)) ")
        append(Self.number((exemplar.unixTime * 1000).rounded() / 1000))
    }

    private mutating func line(_ name: String, _ labels: [UInt8], _ value: Double) {
        append(name)
        if !labels.isEmpty {
            append("{")
            bytes += labels
            append("}")
        }
        append(" ")
        append(Self.number(value))
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func appendEscaped(_ text: String, quotes: Bool) {
        Self.appendEscaped(text, quotes: quotes, to: &bytes)
    }
}

// MARK: - Pieces
extension ExpositionWriter {
    /// Labels as they stand between braces.
    private static func text(of labels: [MetricFamily.Label]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, label) in labels.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: validName(label.name, colons: false).utf8)
            bytes.append(contentsOf: "=\"".utf8)
            appendEscaped(label.value, quotes: true, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        return bytes
    }

    /// Escapes what would end a line or, in a label's value, the quotes.
    private static func appendEscaped(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += [byte, byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\"") where quotes: bytes += [UInt8(ascii: "\\"), byte]
            default: bytes.append(byte)
            }
        }
    }

    /// A name with what it may not contain replaced by underscores; one must not begin with a digit either.
    static func validName(_ name: String, colons: Bool) -> String {
        func isValid(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: colons && byte == UInt8(ascii: ":")
            }
        }
        let startsWell = name.utf8.first.map { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        if startsWell, name.utf8.allSatisfy(isValid) { return name }
        let valid = String(
            decoding: name.unicodeScalars.map { scalar in
                scalar.isASCII && isValid(UInt8(scalar.value)) ? UInt8(scalar.value) : UInt8(ascii: "_")
            }, as: UTF8.self)
        return startsWell ? valid : "_" + valid
    }

    /// A number as both formats read it; whole ones without a fraction, but for bounds of buckets.
    static func number(_ value: Double, isBound: Bool = false) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if !isBound, let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }
}
