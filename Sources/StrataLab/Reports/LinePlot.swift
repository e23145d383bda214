import Foundation

/// Curves over a common axis, with a grid, a legend, and a dot at each point of short curves; several long curves get a panel each, because
/// they would hide each other.
struct LinePlot {
    private let chart: LineChart
    private let palette: Palette
    private let horizontal: PlotAxis
    private let vertical: PlotAxis
    private static let width = 900.0
    private static let height = 340.0
    private static let left = 76.0
    private static let right = 884.0
    private static let bottom = 292.0

    private static let panelHeight = 74.0
    private static let panelStep = 104.0

    init(_ chart: LineChart, _ palette: Palette) {
        self.chart = chart
        self.palette = palette
        horizontal = PlotAxis(chart.x, values: chart.series.flatMap(\.x), startsAtZero: false)
        vertical = PlotAxis(chart.y, values: chart.series.flatMap(\.y), startsAtZero: chart.y.quantity != .share)
    }

    /// The plot as an element.
    var svg: String {
        chart.series.count > 1 && chart.series.contains { $0.x.count > Self.dotLimit } ? panels : common
    }

    /// The longest curve whose points have dots.
    private static let dotLimit = 30

    /// A panel for each curve, all with the same axes.
    private var panels: String {
        var elements = ""
        var top = 24.0
        let marked = [vertical.ticks.first, vertical.ticks[vertical.ticks.count / 2], vertical.ticks.last].compactMap {
            $0
        }
        for series in chart.series {
            let bottom = top + Self.panelHeight
            elements +=
                "<text class=\"name\" x=\"\(n(Self.left))\" y=\"\(n(top - 8))\">\(series.name.escapedForMarkup)</text>"
            for tick in marked {
                let y = bottom - vertical.position(tick) * Self.panelHeight
                elements += "<path class=\"rule\" d=\"M\(n(Self.left)) \(n(y))H\(n(Self.right))\"/>"
                elements += text(chart.y.tickText(tick), Self.left - 8, y + 4, "end")
            }
            let points = zip(series.x, series.y).map { (x($0), bottom - vertical.position($1) * Self.panelHeight) }
            elements += "<path class=\"curve thin s\(palette.suffix(of: series.name))\" d=\"\(path(points))\"/>\n"
            top += Self.panelStep
        }
        let bottom = top - Self.panelStep + Self.panelHeight
        for tick in horizontal.ticks {
            elements += "<path class=\"rule\" d=\"M\(n(x(tick))) \(n(bottom))v5\"/>"
            elements += text(chart.x.tickText(tick), x(tick), bottom + 20, "middle")
        }
        elements += text(
            "\(chart.x.title) (vertically: \(chart.y.title))", (Self.left + Self.right) / 2, bottom + 40, "middle")
        return "<svg viewBox=\"0 0 \(n(Self.width)) \(n(bottom + 48))\" role=\"img\" "
            + "aria-label=\"\(chart.title.escapedForMarkup)\">\(elements)</svg>"
    }

    private func path(_ points: [(Double, Double)]) -> String {
        points.enumerated().map { "\($0 == 0 ? "M" : "L")\(n($1.0)) \(n($1.1))" }.joined()
    }

    /// All curves in one plot.
    private var common: String {
        let (legend, legendBottom) = self.legend
        let (marks, top) = marks(below: legendBottom)
        var elements = legend
        for tick in vertical.ticks {
            let y = self.y(tick, top)
            elements += "<path class=\"rule\" d=\"M\(n(Self.left)) \(n(y))H\(n(Self.right))\"/>"
            elements += text(chart.y.tickText(tick), Self.left - 8, y + 4, "end")
        }
        for tick in horizontal.ticks {
            let x = self.x(tick)
            elements += "<path class=\"rule\" d=\"M\(n(x)) \(n(Self.bottom))v5\"/>"
            elements += text(chart.x.tickText(tick), x, Self.bottom + 20, x > Self.right - 12 ? "end" : "middle")
        }
        elements += text(chart.x.title, (Self.left + Self.right) / 2, Self.bottom + 40, "middle")
        elements += text(chart.y.title, Self.left, top - 10, "start")
        elements += marks
        for series in chart.series { elements += curve(series, palette.suffix(of: series.name), top) }
        return "<svg viewBox=\"0 0 \(n(Self.width)) \(n(Self.height))\" role=\"img\" "
            + "aria-label=\"\(chart.title.escapedForMarkup)\">\(elements)</svg>"
    }

    /// Lines at the marked places with their names above, in as many rows as keep them apart, and where the plot may begin below.
    private func marks(below top: Double) -> (elements: String, bottom: Double) {
        let marks = (chart.marks ?? []).sorted { $0.x < $1.x }
        guard !marks.isEmpty else { return ("", top) }
        var ends: [Double] = []
        var placed: [(mark: LineChart.Mark, row: Int, centre: Double)] = []
        for mark in marks {
            let half = Double(mark.title.count) * 3.4 + 4
            let centre = min(max(x(mark.x), Self.left + half), Self.right - half)
            let row = ends.firstIndex { $0 < centre - half } ?? ends.count
            if row == ends.count { ends.append(0) }
            ends[row] = centre + half
            placed.append((mark, row, centre))
        }
        let bottom = top + 16 * Double(ends.count)
        var elements = ""
        for (mark, row, centre) in placed {
            // The lowest row has the unit of the vertical axis below it.
            let y = bottom - 12 - 16 * Double(ends.count - row)
            elements += "<path class=\"mark\" d=\"M\(n(x(mark.x))) \(n(bottom - 4))V\(n(Self.bottom))\"/>"
            elements += "<text x=\"\(n(centre))\" y=\"\(n(y))\" text-anchor=\"middle\">"
            elements += mark.title.escapedForMarkup + "</text>"
        }
        return (elements, bottom)
    }

    private func curve(_ series: LineChart.Series, _ color: String, _ top: Double) -> String {
        let points = zip(series.x, series.y).map { (x($0), y($1, top)) }
        var result =
            "<g><title>\(series.name.escapedForMarkup)</title><path class=\"curve\(series.isFaint == true ? " faint" : "") s\(color)\" d=\"\(path(points))\"/>"
        if points.count <= Self.dotLimit, chart.marks == nil {
            for (index, point) in points.enumerated() {
                let value = "\(series.name), \(chart.x.text(series.x[index])): \(chart.y.text(series.y[index]))"
                result +=
                    "<circle class=\"dot f\(color)\" cx=\"\(n(point.0))\" cy=\"\(n(point.1))\" r=\"4\">"
                    + "<title>\(value.escapedForMarkup)</title></circle>"
            }
        }
        return result + "</g>\n"
    }

    /// The names with their colours, in as many lines as they need, and where the plot may begin below.
    private var legend: (elements: String, bottom: Double) {
        var elements = ""
        var x = Self.left
        var y = 12.0
        for series in chart.series {
            let width = Double(series.name.count) * 6.8 + 36
            if x + width > Self.right, x > Self.left {
                x = Self.left
                y += 20
            }
            let color = palette.suffix(of: series.name)
            elements +=
                "<rect class=\"f\(color)\" x=\"\(n(x))\" y=\"\(n(y - 9))\" width=\"12\" height=\"12\" rx=\"2\"/>"
            elements += "<text x=\"\(n(x + 18))\" y=\"\(n(y + 1))\">\(series.name.escapedForMarkup)</text>"
            x += width
        }
        return (elements, y + 36)
    }

    private func x(_ value: Double) -> Double { Self.left + horizontal.position(value) * (Self.right - Self.left) }
    private func y(_ value: Double, _ top: Double) -> Double {
        Self.bottom - vertical.position(value) * (Self.bottom - top)
    }
    private func text(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> String {
        "<text class=\"quiet\" x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor)\">\(text.escapedForMarkup)</text>"
    }
    private func n(_ value: Double) -> String { Figures.fixed(value, 1) }
}

/// One axis of a plot: where values lie between its ends, and where it is marked.
struct PlotAxis {
    private let scale: LineChart.Scale
    private let low: Double
    private let high: Double
    /// The values at which the axis is marked.
    let ticks: [Double]

    init(_ axis: LineChart.Axis, values: [Double], startsAtZero: Bool) {
        scale = axis.scale
        let smallest = values.min() ?? 0
        let largest = values.max() ?? 1
        switch axis.scale {
        case .linear:
            let start = startsAtZero ? min(smallest, 0) : smallest
            let step = Self.step(for: max(largest - start, .leastNonzeroMagnitude), count: 6)
            low = startsAtZero ? (start / step).rounded(.down) * step : start
            high = startsAtZero ? max((largest / step).rounded(.up) * step, low + step) : max(largest, low + step)
            let first = (low / step).rounded(.up)
            ticks = (0...20).map { (first + Double($0)) * step }.filter { [high] in $0 <= high * 1.000_001 }
        case .logarithmic:
            let first = log10(max(smallest, 1e-9)).rounded(.down)
            let last = max(log10(max(largest, 1e-9)).rounded(.up), first + 1)
            low = first
            high = last
            let skip = Int((last - first) / 8) + 1
            ticks = stride(from: Int(first), through: Int(last), by: skip).map { pow(10, Double($0)) }
        case .percentile:
            let positions = Set(values).sorted()
            low = Self.nines(positions.first ?? 0)
            let last = positions.last { $0 < 100 } ?? 99
            // The maximum has a place of its own, half a nine behind the last percentile.
            high = Self.nines(last) + (positions.last == 100 ? 0.5 : 0)
            ticks = positions
        }
    }

    /// Where a value lies: 0 is the axis' beginning, 1 its end.
    func position(_ value: Double) -> Double {
        let mapped =
            switch scale {
            case .linear: value
            case .logarithmic: log10(max(value, 1e-9))
            case .percentile: value >= 100 ? high : Self.nines(value)
            }
        return high > low ? min(max((mapped - low) / (high - low), 0), 1) : 0
    }

    /// How many nines a percentile has: 1 for 90, 2 for 99.
    private static func nines(_ percentile: Double) -> Double { -log10(max(1 - percentile / 100, 1e-9)) }

    /// A round distance that divides a length into about so many parts.
    private static func step(for length: Double, count: Double) -> Double {
        let rough = length / count
        let power = pow(10, log10(rough).rounded(.down))
        let factor = rough / power
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10)
    }
}
