extension TerminalDashboard {
    /// One map.
    func map(_ name: String, _ detail: DashboardMap?, _ snapshot: DashboardSnapshot, room: Int) -> [TerminalLine] {
        guard let detail, detail.name == name else {
            return [
                TerminalLine(name, .strong), TerminalLine("Waiting for its figures, if there is such a map …", .soft),
            ]
        }
        var title = TerminalLine(name, .strong)
        title.add("  \(detail.kind)", .soft)
        let points = detail.points.map { point in
            DashboardPoint(
                time: point.time, requests: point.requests, tiers: [], heat: point.heat, collision: point.collision,
                loadFactor: point.loadFactor, clients: nil, memory: 0, load: nil, entries: 0, p99: nil)
        }
        let blocks = [
            figures(detail), probes(detail.probeLengths),
            heat(
                points, snapshot.events.filter { $0.name == name }, snapshot.bounds,
                rowCount: height == nil ? 10 : min(max((room - 20) / 2, 4), 12)),
            operations(detail.operations), windows(detail), hotKeys(detail.hotKeys, limit: 8), shards(detail.shards),
        ]
        var lines = [title]
        for block in blocks where !block.isEmpty && lines.count + block.count + 1 <= room {
            lines += [TerminalLine()] + block
        }
        return lines
    }

    private func figures(_ detail: DashboardMap) -> [TerminalLine] {
        let perLine = max(width / 38, 1)
        return stride(from: 0, to: detail.figures.count, by: perLine).map { start in
            var line = TerminalLine()
            for (index, figure) in detail.figures[start..<min(start + perLine, detail.figures.count)].enumerated() {
                line.pad(to: index * 38)
                line.add(TerminalLine.fitted(figure.name, to: 23), .soft)
                line.add(Self.text(figure), .strong)
            }
            return line
        }
    }

    private static func text(_ figure: DashboardMap.Figure) -> String {
        if let text = figure.text { return text }
        return switch figure.unit {
        case "bytes": Readable.bytes(figure.value)
        case "ratio": Readable.percent(figure.value)
        default: Readable.count(figure.value)
        }
    }

    private func probes(_ lengths: [Int]) -> [TerminalLine] {
        let sum = lengths.reduce(0, +)
        guard sum > 0 else { return [] }
        let last = lengths.lastIndex { $0 > 0 } ?? 0
        return [TerminalLine("Entries by how many groups a lookup looks at", .soft)]
            + lengths[...min(last, 5)].enumerated().map { index, count in
                var line = TerminalLine(right("\(index + 1)", 4) + " ")
                line.add(TerminalPictures.bar(Double(count) / Double(sum), width: min(max(width - 16, 4), 60)), .one)
                line.add(" " + Readable.percent(Double(count) / Double(sum)))
                return line
            }
    }

    private func operations(_ operations: [DashboardMap.Operation]) -> [TerminalLine] {
        guard !operations.isEmpty else { return [] }
        return [TerminalLine("Operation     per second       P50       P99    P99.99", .soft)]
            + operations.map { operation in
                var line = TerminalLine(TerminalLine.fitted(operation.name, to: 12), .strong)
                line.add(right(Readable.count(operation.perSecond), 12))
                for value in [operation.p50, operation.p99, operation.p9999] {
                    line.add(right(Readable.latency(value), 10))
                }
                return line
            }
    }

    private func windows(_ detail: DashboardMap) -> [TerminalLine] {
        let titles = ["collision": "Collisions", "loadFactor": "Load factor"]
        return detail.windows.map { window in
            var line = TerminalLine(TerminalLine.fitted(titles[window.name] ?? window.name, to: 13), .soft)
            let values = detail.points.map { window.name == "collision" ? $0.collision : $0.loadFactor }
            line.add(
                TerminalPictures.spark(
                    values, width: max(min(width - 60, 40), 8), top: window.name == "loadFactor" ? 1 : nil), .one)
            for span in window.spans {
                line.add("   \(span.label) ", .soft)
                line.add(Readable.percent(span.value), .strong)
            }
            return line
        }
    }
}
