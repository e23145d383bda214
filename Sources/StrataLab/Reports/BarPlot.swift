/// Bars lying under each other, a plot for each group, with the range of the samples across the end of each bar.
struct BarPlot {
    private let chart: BarChart
    private let palette: Palette
    private static let width = 900.0
    private static let barHeight = 16.0
    private static let step = 22.0
    /// A bar that is more than this many times as long as the base subject's is cut off, or the others could not be told apart.
    private static let longest = 12.0
    /// The room for a bar's label behind it.
    private static let labelRoom = 170.0

    init(_ chart: BarChart, _ palette: Palette) {
        self.chart = chart
        self.palette = palette
    }

    /// The plots as elements, one for each group with its heading.
    var markup: String {
        let names = chart.groups.flatMap { $0.bars.map(\.subject.count) }.max() ?? 0
        let labelWidth = min(Double(names) * 6.6 + 24, 280)
        return chart.groups.map { group in
            "<div class=\"group\"><h3>\(group.title.escapedForMarkup)</h3>\n\(svg(group, labelWidth))</div>\n"
        }.joined()
    }

    private func svg(_ group: BarChart.Group, _ labelWidth: Double) -> String {
        // Each group has a scale of its own: latencies and throughputs of different groups don't compare.
        let limit = Self.limit(group, base: chart.base)
        let scale = (Self.width - labelWidth - Self.labelRoom) / limit
        var elements = ""
        var y = 2.0
        for bar in group.bars {
            elements += element(bar, in: group, y, labelWidth, scale, limit)
            y += Self.step
        }
        return "<svg viewBox=\"0 0 \(n(Self.width)) \(n(y))\" role=\"img\" "
            + "aria-label=\"\("\(chart.title): \(group.title)".escapedForMarkup)\">\(elements)</svg>"
    }

    /// The value at which bars are cut off: the largest, unless a few are far beyond the base subject's.
    private static func limit(_ group: BarChart.Group, base: String) -> Double {
        let values = group.bars.map(\.samples.median)
        let largest = max(values.max() ?? 1, .leastNonzeroMagnitude)
        guard let base = group.bars.first(where: { $0.subject == base })?.samples.median, base > 0 else {
            return largest
        }
        let cut = base * longest
        return values.count { $0 > cut } * 2 > values.count ? largest : min(largest, cut)
    }

    private func element(
        _ bar: BarChart.Bar, in group: BarChart.Group, _ y: Double, _ x: Double, _ scale: Double, _ limit: Double
    ) -> String {
        let samples = bar.samples
        let isCut = samples.median > limit
        let length = max(min(samples.median, limit) * scale, 1)
        let middle = y + Self.barHeight / 2
        var text = "\(Figures.short(samples.median)) \(chart.shortUnit)"
        if bar.subject != chart.base, let ratio = chart.ratio(of: bar, in: group) {
            text += "  (\(Figures.fixed(ratio, 2))×)"
        }
        let title =
            "\(bar.subject), \(group.title): \(Figures.short(samples.median)) \(chart.unit), "
            + "from \(Figures.short(samples.smallest)) to \(Figures.short(samples.largest))"
        var element = "<g><title>\(title.escapedForMarkup)</title>"
        element +=
            "<text x=\"\(n(x - 8))\" y=\"\(n(middle + 4))\" text-anchor=\"end\">\(bar.subject.escapedForMarkup)</text>"
        element +=
            "<rect class=\"f\(palette.suffix(of: bar.subject))\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(length))\" "
            + "height=\"\(n(Self.barHeight))\" rx=\"2\"/>"
        var labelX = x + length
        if isCut {
            // Two slanted gaps say that the bar goes on.
            for offset in [26.0, 16.0] {
                element +=
                    "<path class=\"cut\" d=\"M\(n(x + length - offset)) \(n(y - 1))l-6 \(n(Self.barHeight + 2))\"/>"
            }
        } else if samples.values.count > 1 {
            let ends = (low: x + samples.smallest * scale, high: min(x + samples.largest * scale, Self.width - 140))
            element +=
                "<path class=\"range\" d=\"M\(n(ends.low)) \(n(middle))H\(n(ends.high))M\(n(ends.low)) \(n(middle - 4))v8"
                + "M\(n(ends.high)) \(n(middle - 4))v8\"/>"
            labelX = max(labelX, ends.high)
        }
        return element
            + "<text class=\"quiet\" x=\"\(n(labelX + 8))\" y=\"\(n(middle + 4))\">\(text.escapedForMarkup)</text></g>\n"
    }

    private func n(_ value: Double) -> String { Figures.fixed(value, 1) }
}

extension BarChart {
    /// The subjects in the order they come first.
    var subjects: [String] {
        var known: [String] = []
        for bar in groups.flatMap(\.bars) where !known.contains(bar.subject) { known.append(bar.subject) }
        return known
    }

    /// The unit without what it is per operation.
    var shortUnit: String {
        unit.hasSuffix(" per operation") ? String(unit.dropLast(14)) : unit
    }
}
