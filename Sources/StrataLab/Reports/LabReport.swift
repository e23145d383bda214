/// What a run of the lab found out, ready to be shown as text, JSON or a page.
///
/// A report knows nothing of what was measured: it has sections with bars, lines and tables. Whatever the lab measures is put into these.
package struct LabReport: Codable, Sendable {
    /// What was measured, in a few words.
    package var title: String
    /// How, in a sentence or two.
    package var summary: String
    /// Where.
    package var machine: MachineDescription
    /// How long it took.
    package var seconds: Double
    /// The results.
    package var sections: [Section]
    /// What programs look figures up by, as in "get-1/ConcurrentMap/ns"; people have the sections.
    package var figures: [String: Samples] = [:]

    /// A report without results.
    package init(title: String, summary: String, machine: MachineDescription, seconds: Double = 0) {
        self.title = title
        self.summary = summary
        self.machine = machine
        self.seconds = seconds
        sections = []
    }

    /// Results that belong together.
    package struct Section: Codable, Sendable {
        /// What they are about.
        package var title: String
        /// What to know when reading them; may be empty.
        package var note: String
        /// Sentences, one below the other.
        package var points: [String] = []
        /// Comparisons.
        package var bars: [BarChart] = []
        /// Curves.
        package var lines: [LineChart] = []
        /// Everything else.
        package var tables: [FigureTable] = []

        /// A section without results.
        package init(title: String, note: String = "") {
            self.title = title
            self.note = note
        }

        /// Whether there is nothing in it.
        package var isEmpty: Bool { points.isEmpty && bars.isEmpty && lines.isEmpty && tables.isEmpty }
    }
}

/// The same figure of several subjects, as bars: one for each subject in each group.
package struct BarChart: Codable, Sendable {
    /// What is compared.
    package var title: String
    /// The unit of the figures, as in "ns per operation".
    package var unit: String
    /// The subject that the others are compared with.
    package var base: String
    /// What was done to the subjects.
    package var groups: [Group]

    /// A chart of groups.
    package init(title: String, unit: String, base: String, groups: [Group] = []) {
        self.title = title
        self.unit = unit
        self.base = base
        self.groups = groups
    }

    /// One thing done to several subjects.
    package struct Group: Codable, Sendable {
        /// What was done.
        package var title: String
        /// The subjects and their figures.
        package var bars: [Bar]

        /// A group of bars.
        package init(title: String, bars: [Bar]) {
            self.title = title
            self.bars = bars
        }
    }

    /// One subject's figure, measured several times.
    package struct Bar: Codable, Sendable {
        /// Whose figure.
        package var subject: String
        /// The figure.
        package var samples: Samples

        /// A bar.
        package init(subject: String, samples: Samples) {
            self.subject = subject
            self.samples = samples
        }
    }
}

/// Curves over a common axis.
package struct LineChart: Codable, Sendable {
    /// How an axis is divided.
    package enum Scale: String, Codable, Sendable {
        /// Evenly.
        case linear
        /// By powers of ten.
        case logarithmic
        /// Percentiles, each further nine as far from the last: x is the percentile, 100 stands for the maximum.
        case percentile
    }

    /// What the figures along an axis are.
    package enum Quantity: String, Codable, Sendable {
        /// Numbers of anything.
        case number
        /// Nanoseconds.
        case nanoseconds
        /// Bytes.
        case bytes
        /// Parts of one, shown in percent.
        case share
    }

    /// One axis.
    package struct Axis: Codable, Sendable {
        /// What is along it.
        package var title: String
        /// How it is divided.
        package var scale: Scale
        /// What kind of figures there are.
        package var quantity: Quantity

        /// An axis.
        package init(_ title: String, _ scale: Scale = .linear, _ quantity: Quantity = .number) {
            self.title = title
            self.scale = scale
            self.quantity = quantity
        }

        /// A figure on this axis as text.
        package func text(_ value: Double) -> String {
            if scale == .percentile { return value >= 100 ? "max" : "P\(Self.trimmed(value))" }
            return switch quantity {
            case .number: Figures.short(value)
            case .nanoseconds: Figures.duration(value)
            case .bytes: Figures.bytes(value)
            case .share: Figures.fixed(value * 100, 1) + " %"
            }
        }

        /// The name of a place on this axis: whole percents without decimals.
        func tickText(_ value: Double) -> String {
            let percent = value * 100
            guard scale != .percentile, quantity == .share, abs(percent - percent.rounded()) < 1e-6 else {
                return text(value)
            }
            return Figures.fixed(percent, 0) + " %"
        }

        private static func trimmed(_ value: Double) -> String {
            value == value.rounded() ? Figures.fixed(value, 0) : "\(value)"
        }
    }

    /// One curve.
    package struct Series: Codable, Sendable {
        /// Its name.
        package var name: String
        /// The positions along the horizontal axis, ascending.
        package var x: [Double]
        /// The values there, as many.
        package var y: [Double]

        /// Whether it is drawn as one that doesn't count; `nil` for no.
        package var isFaint: Bool?

        /// A curve.
        package init(name: String, x: [Double], y: [Double]) {
            precondition(x.count == y.count, "a curve has a value for each position")
            self.name = name
            self.x = x
            self.y = y
        }
    }

    /// A place on the horizontal axis with a name.
    package struct Mark: Codable, Sendable {
        /// Where.
        package var x: Double
        /// What is there.
        package var title: String

        /// A mark.
        package init(_ x: Double, _ title: String) {
            self.x = x
            self.title = title
        }
    }

    /// What the curves are.
    package var title: String
    /// The horizontal axis.
    package var x: Axis
    /// The vertical axis.
    package var y: Axis
    /// The curves.
    package var series: [Series]
    /// Places on the horizontal axis that are marked; `nil` for none.
    ///
    /// Curves of a chart with marks have no dots.
    package var marks: [Mark]?

    /// A chart of curves.
    package init(title: String, x: Axis, y: Axis, series: [Series] = []) {
        self.title = title
        self.x = x
        self.y = y
        self.series = series
    }
}

/// Rows of texts under headings.
package struct FigureTable: Codable, Sendable {
    /// What the table is; may be empty.
    package var title: String
    /// The headings; the first column is flush left, the others flush right.
    package var columns: [String]
    /// The rows, with as many texts as there are headings.
    package var rows: [[String]]

    /// A table.
    package init(title: String = "", columns: [String], rows: [[String]] = []) {
        self.title = title
        self.columns = columns
        self.rows = rows
    }
}

extension LineChart {
    /// Latencies by percentile.
    package static func latencies(title: String, _ summaries: [(name: String, summary: LatencySummary)]) -> LineChart {
        LineChart(
            title: title, x: Axis("percentile", .percentile), y: Axis("latency", .logarithmic, .nanoseconds),
            series: summaries.map { name, summary in
                Series(
                    name: name, x: LatencySummary.levels + [100],
                    y: (summary.percentiles + [summary.maximum]).map { Double(max($0, 1)) })
            })
    }
}
