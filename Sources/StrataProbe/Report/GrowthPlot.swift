import Foundation

/// Capacities of storages over time: steps on a logarithmic axis.
struct GrowthPlot {
    private let lines: [AllocationReport.GrowingStorage]
    private let seconds: Double
    private let width = 960.0
    private let height = 360.0
    private let left = 84.0
    private let right = 220.0
    private let top = 12.0
    private let bottom = 34.0
    private let largest: Double

    /// The largest ones, one for each of the colours.
    init(storages: [AllocationReport.GrowingStorage], seconds: Double) {
        lines = Array(storages.filter { !$0.growths.isEmpty }.prefix(8))
        self.seconds = max(seconds, 1e-9)
        largest = Double(lines.flatMap(\.growths).map(\.newCapacity).max() ?? 1)
    }

    var isEmpty: Bool { lines.isEmpty }

    private func x(_ time: Double) -> Double { left + min(1, time / seconds) * (width - left - right) }
    private func y(_ capacity: Int) -> Double {
        let share = log2(Double(max(1, capacity))) / max(1, log2(largest))
        return height - bottom - share * (height - top - bottom)
    }

    private func text(_ x: Double, _ y: Double, _ text: String, _ attributes: String = "") -> String {
        "<text x=\"\(Int(x))\" y=\"\(Int(y))\" \(attributes)>\(text.escaped)</text>"
    }

    /// The plot; a reader that shows no pictures gets its description.
    var markup: String {
        var body = ""
        var capacity = 1
        while Double(capacity) <= largest {
            body +=
                "<line class=\"rule\" x1=\"\(left)\" x2=\"\(width - right)\" y1=\"\(y(capacity))\" y2=\"\(y(capacity))\"/>"
            body += text(
                left - 6, y(capacity) + 4, ReportFigures.count(capacity), "text-anchor=\"end\" class=\"quiet\"")
            capacity *= 10
        }
        for tick in 0...4 {
            let time = seconds * Double(tick) / 4
            body += text(
                x(time), height - 12, tick == 0 ? "0" : ReportFigures.time(time * 1e9),
                "text-anchor=\"middle\" class=\"quiet\"")
        }
        let labels = labelPositions
        for (index, line) in lines.enumerated() {
            body +=
                curve(line, index)
                + text(width - right + 10, labels[index], line.type.shortened(to: 28), "class=\"l\(index)\"")
        }
        return "<div class=\"scroll\"><svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" "
            + "aria-label=\"Capacity of the largest storages over time\">\(body)</svg></div>"
    }

    private func curve(_ line: AllocationReport.GrowingStorage, _ index: Int) -> String {
        var path = ""
        var dots = ""
        for moment in line.growths {
            let x = x(moment.seconds)
            path += path.isEmpty ? "M\(x) \(y(moment.oldCapacity))" : "H\(x)"
            path += "V\(y(moment.newCapacity))"
            let radius = moment.nanoseconds <= 0 ? 2 : min(7, 2 + max(0, log10(moment.nanoseconds / 1e4)))
            dots +=
                "<circle class=\"d\(index)\" cx=\"\(x)\" cy=\"\(y(moment.newCapacity))\" r=\"\(radius)\"><title>"
                + "\(line.type.escaped): \(moment.oldCapacity) to \(moment.newCapacity), \(ReportFigures.time(moment.nanoseconds))</title></circle>"
        }
        return "<path class=\"p\(index)\" d=\"\(path)H\(width - right)\"/>" + dots
    }

    /// Where each line's name stands: beside its end, and below the one above.
    private var labelPositions: [Double] {
        var positions = [Double](repeating: 0, count: lines.count)
        var free = top + 8
        for index in lines.indices.sorted(by: { end($0) < end($1) }) {
            positions[index] = max(free, end(index) + 4)
            free = positions[index] + 15
        }
        // Those that ran out at the bottom move up together.
        let excess = max(0, free - height + 8)
        return positions.map { max(top + 8, $0 - excess) }
    }

    private func end(_ index: Int) -> Double { y(lines[index].growths.last?.newCapacity ?? 1) }
}

/// A histogram as a row of small bars over powers of ten from a microsecond to an hour.
struct HistogramPlot {
    private let histogram: DurationHistogram

    init(_ histogram: DurationHistogram) {
        self.histogram = histogram
    }

    /// The plot, nothing if there is nothing to show.
    var markup: String {
        let bars = 20
        guard histogram.count > 0 else { return "" }
        var counts = [Int](repeating: 0, count: bars)
        for bucket in histogram.buckets {
            let share = (log10(max(1000, bucket.nanoseconds)) - 3) / 9.6
            counts[min(bars - 1, max(0, Int(share * Double(bars))))] += bucket.count
        }
        let most = Double(counts.max() ?? 1)
        let shapes = counts.enumerated().map { index, count in
            let height = count == 0 ? 0 : max(1, Double(count) / most * 20)
            return "<rect x=\"\(index * 5)\" y=\"\(21 - height)\" width=\"4\" height=\"\(height)\"/>"
        }
        return
            "<svg class=\"small\" viewBox=\"0 0 100 22\" role=\"img\" aria-label=\"lifetimes\"><line class=\"rule\" x1=\"0\" x2=\"100\" "
            + "y1=\"21.5\" y2=\"21.5\"/>\(shapes.joined())</svg>"
    }
}
