/// Writes metrics in the text format that Prometheus reads (version 0.0.4).
///
/// A metric family is written whole, with its `HELP` and `TYPE` lines first, so that a family is never torn apart or described twice.
/// Names and label names are made valid; label values and help texts are escaped.
package struct PrometheusWriter {
    /// What `Content-Type` says about the text.
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text written so far.
    package private(set) var text = ""

    /// One value of a family, told from the others by its labels.
    package struct Sample {
        var labels: [(name: String, value: String)]
        var value: Double

        /// Creates a sample.
        package init(_ value: Double, labels: [(name: String, value: String)] = []) {
            self.labels = labels
            self.value = value
        }

        /// Creates a sample of a whole number.
        package init(_ value: some BinaryInteger, labels: [(name: String, value: String)] = []) {
            self.init(Double(value), labels: labels)
        }
    }

    /// Creates a writer without text.
    package init() {}

    /// Writes values that only ever go up; the name ends in `_total`.
    package mutating func counter(_ name: String, help: String, _ samples: [Sample]) {
        family(name.hasSuffix("_total") ? name : name + "_total", help: help, type: "counter", samples)
    }

    /// Writes values that go up and down.
    package mutating func gauge(_ name: String, help: String, _ samples: [Sample]) {
        family(name, help: help, type: "gauge", samples)
    }

    /// Writes a histogram: its cumulative buckets, their sum and their count.
    package mutating func histogram(
        _ name: String, help: String, _ histogram: DurationHistogram, labels: [(name: String, value: String)] = []
    ) {
        let name = Self.validName(name)
        header(name, help: help, type: "histogram")
        var cumulative: UInt64 = 0
        for (bound, count) in zip(histogram.upperBounds.map(Self.format) + ["+Inf"], histogram.counts) {
            cumulative += count
            line(name + "_bucket", labels + [("le", bound)], Double(cumulative))
        }
        line(name + "_sum", labels, histogram.sum)
        line(name + "_count", labels, Double(cumulative))
    }
}

// MARK: - Lines

extension PrometheusWriter {
    private mutating func family(_ name: String, help: String, type: String, _ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        let name = Self.validName(name)
        header(name, help: help, type: type)
        for sample in samples {
            line(name, sample.labels, sample.value)
        }
    }

    private mutating func header(_ name: String, help: String, type: String) {
        text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map {
                "\(Self.validName($0.name, colons: false))=\"\(Self.escape($0.value, quotes: true))\""
            }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(Self.format(value))\n"
    }

    /// Replaces what a name may not contain by underscores; one must not begin with a digit either.
    private static func validName(_ name: String, colons: Bool = true) -> String {
        var valid = String(
            name.map { character in
                let isValid = character.isASCII && (character.isLetter || character.isNumber) || character == "_"
                return isValid || (colons && character == ":") ? character : "_"
            })
        if valid.first?.isNumber ?? true {
            valid = "_" + valid
        }
        return valid
    }

    /// Escapes what would end a line or, in a label's value, the quotes.
    private static func escape(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// A number as Prometheus reads it; whole ones without a fraction.
    private static func format(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if let whole = Int64(exactly: value) { return String(whole) }
        return "\(value)"
    }
}
