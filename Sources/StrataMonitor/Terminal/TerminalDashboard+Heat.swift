extension TerminalDashboard {
    /// Latencies by time: columns are seconds, rows are durations, and a line above marks what happened.
    func heat(
        _ points: [DashboardPoint], _ events: [DashboardEvent], _ bounds: [Double], rowCount: Int
    ) -> [TerminalLine] {
        let rows = points.flatMap { point in stride(from: 0, to: point.heat.count - 1, by: 2).map { point.heat[$0] } }
        guard let lowest = rows.min(), let highest = rows.max(), highest < bounds.count, let newest = points.last?.time
        else { return [TerminalLine("No operations in the last minutes: latencies appear here.", .soft)] }
        let left = 9
        let size = min(max(width - left - 1, 10), DashboardRecorder.span)
        // Whole seconds by column, the newest at the right.
        let each = max((min(newest - (points.first?.time ?? newest) + 1, DashboardRecorder.span) + size - 1) / size, 1)
        let perRow = max((highest - lowest + rowCount) / rowCount, 1)
        let used = (highest - lowest) / perRow + 1
        var cells = [[Double]](repeating: [Double](repeating: 0, count: size), count: used)
        for point in points {
            let column = size - 1 - (newest - point.time) / each
            guard column >= 0, column < size else { continue }
            for index in stride(from: 0, to: point.heat.count - 1, by: 2) {
                cells[(point.heat[index] - lowest) / perRow][column] += Double(point.heat[index + 1])
            }
        }
        let most = Exponential.logarithm(1 + (cells.joined().max() ?? 0))
        var lines = marks(events, newest: newest, each: each, left: left, size: size)
        for row in cells.indices.reversed() {
            let bound = bounds[lowest + row * perRow]
            var line = TerminalLine(right(bound > 0 ? Readable.latency(bound) : "0", left - 1) + "│", .soft)
            for (text, step) in runs(cells[row], most) { line.add(text, .heat(step)) }
            lines.append(line)
        }
        let span = "−\(Readable.duration(Double(size * each)))"
        var axis = TerminalLine(String(repeating: " ", count: left) + span, .soft)
        axis.pad(to: left + size - 3)
        axis.add("now", .soft)
        return lines + [axis]
    }

    /// The places of a row, neighbours of one colour together.
    private func runs(_ row: [Double], _ most: Double) -> [(text: String, step: Int)] {
        var runs: [(text: String, step: Int)] = []
        for value in row {
            let shade = TerminalPictures.shade(most > 0 ? Exponential.logarithm(1 + value) / most : 0)
            if let last = runs.last, last.step == shade.step || shade.character == " " {
                runs[runs.count - 1].text.append(shade.character)
            } else {
                runs.append((String(shade.character), shade.step))
            }
        }
        return runs
    }

    /// What happened: marks above the columns, and in words how often.
    private func marks(
        _ events: [DashboardEvent], newest: Int, each: Int, left: Int, size: Int
    ) -> [TerminalLine] {
        let signs: [String: (sign: Character, word: String)] = [
            "growth": ("▲", "growth"), "shrink": ("▼", "shrinking"), "cleaning": ("▬", "clean-up"),
            "evictionStorm": ("◆", "eviction storm"), "expirySweep": ("○", "expiry sweep"),
            "breakerChange": ("×", "breaker"),
            "scaleAdvice": ("↑", "scaling advice"), "forecastWarning": ("⚑", "forecast"), "start": ("▷", "start"),
        ]
        var places = [Character](repeating: " ", count: size)
        var found: [String: Int] = [:]
        for event in events {
            let column = size - 1 - (newest - Int(event.time)) / each
            guard column >= 0, column < size, let (sign, _) = signs[event.kind] else { continue }
            places[column] = sign
            found[event.kind, default: 0] += 1
        }
        var title = TerminalLine("Latency, \(each == 1 ? "second by second" : "\(each) s a column")", .soft)
        for (kind, count) in found.sorted(by: { $0.key < $1.key }) {
            guard let (sign, word) = signs[kind] else { continue }
            title.add("   \(sign) \(word)" + (count > 1 ? " × \(count)" : ""))
        }
        return found.isEmpty ? [title] : [title, TerminalLine(String(repeating: " ", count: left) + String(places))]
    }
}
