/// Bars lying under each other, a block for each group, with the range of the samples across the end of each bar.
struct BarPlot {
    private let chart: BarChart
    private static let width = 900.0
    private static let barHeight = 16.0
    private static let step = 22.0
    private static let groupHeight = 26.0

    init(_ chart: BarChart) {
        self.chart = chart
    }

    /// The plot as an element.
    var svg: String {
        let subjects = chart.subjects
        let labelWidth = min(Double(subjects.map(\.count).max() ?? 0) * 6.6 + 24, 280)
        let plotWidth = Self.width - labelWidth - 150
        var elements = ""
        var y = 8.0
        for group in chart.groups {
            // Each group has a scale of its own: latencies and throughputs of different groups don't compare.
            let largest = max(group.bars.map(\.samples.median).max() ?? 1, .leastNonzeroMagnitude)
            let scale = plotWidth / largest
            elements += "<text class=\"group\" x=\"0\" y=\"\(n(y + 14))\">\(group.title.escapedForMarkup)</text>"
            y += Self.groupHeight
            for bar in group.bars {
                let color = (subjects.firstIndex(of: bar.subject) ?? 0) % PageStyle.colourCount
                elements += element(bar, in: group, color, y, labelWidth, scale)
                y += Self.step
            }
            y += 12
        }
        return "<svg viewBox=\"0 0 \(n(Self.width)) \(n(y))\" role=\"img\" "
            + "aria-label=\"\(chart.title.escapedForMarkup)\">\(elements)</svg>"
    }

    private func element(
        _ bar: BarChart.Bar, in group: BarChart.Group, _ color: Int, _ y: Double, _ x: Double, _ scale: Double
    ) -> String {
        let samples = bar.samples
        let length = max(samples.median * scale, 1)
        let middle = y + Self.barHeight / 2
        var text = Figures.short(samples.median)
        if bar.subject == chart.base {
            text += " \(chart.unit)"
        } else if let ratio = chart.ratio(of: bar, in: group) {
            text += "  ×\(Figures.fixed(ratio, 2))"
        }
        let ends = (low: x + samples.smallest * scale, high: min(x + samples.largest * scale, Self.width - 4))
        let title =
            "\(bar.subject), \(group.title): \(Figures.short(samples.median)) \(chart.unit), "
            + "from \(Figures.short(samples.smallest)) to \(Figures.short(samples.largest))"
        var element = "<g><title>\(title.escapedForMarkup)</title>"
        element +=
            "<text x=\"\(n(x - 8))\" y=\"\(n(middle + 4))\" text-anchor=\"end\">\(bar.subject.escapedForMarkup)</text>"
        element +=
            "<rect class=\"f\(color)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(length))\" height=\"\(n(Self.barHeight))\" rx=\"2\"/>"
        if samples.values.count > 1 {
            element +=
                "<path class=\"range\" d=\"M\(n(ends.low)) \(n(middle))H\(n(ends.high))M\(n(ends.low)) \(n(middle - 4))v8"
                + "M\(n(ends.high)) \(n(middle - 4))v8\"/>"
        }
        let labelX = max(x + length, samples.values.count > 1 ? ends.high : 0) + 8
        let anchor = labelX > Self.width - 120 ? " text-anchor=\"end\"" : ""
        let position = labelX > Self.width - 120 ? Self.width : labelX
        return element
            + "<text class=\"quiet\" x=\"\(n(position))\" y=\"\(n(middle + 4))\"\(anchor)>\(text.escapedForMarkup)</text></g>\n"
    }

    private func n(_ value: Double) -> String { Figures.fixed(value, 1) }
}

extension BarChart {
    /// The subjects in the order they come first, so that each keeps its colour.
    var subjects: [String] {
        var known: [String] = []
        for bar in groups.flatMap(\.bars) where !known.contains(bar.subject) { known.append(bar.subject) }
        return known
    }
}
