extension LabReport {
    /// The report as lines for a terminal.
    package var text: String {
        var lines = [title, summary, machine.line, ""]
        for section in sections where !section.isEmpty {
            lines += [section.title, String(repeating: "─", count: section.title.count)]
            if !section.note.isEmpty { lines.append(section.note) }
            lines.append("")
            if !section.points.isEmpty { lines += section.points.map { "• \($0)" } + [""] }
            for chart in section.bars { lines += chart.textLines + [""] }
            for chart in section.lines where chart.isReadableAsText { lines += chart.textTable.textLines + [""] }
            for table in section.tables { lines += table.textLines + [""] }
        }
        lines.append("took \(Figures.fixed(seconds, 0)) s")
        return lines.joined(separator: "\n") + "\n"
    }
}

extension BarChart {
    /// One block of lines for each group: medians, from the smallest to the largest, and ratios to the base.
    var textLines: [String] {
        let names = groups.flatMap { $0.bars.map(\.subject.count) }.max() ?? 0
        let width = max(names, groups.map(\.title.count).max() ?? 0, title.count) + 4
        var lines = [
            Figures.left(title, width) + Figures.right(unit, 18) + Figures.right("lowest–highest", 20)
                + Figures.right("× \(base)", base.count + 6)
        ]
        for group in groups {
            lines.append(group.title)
            for bar in group.bars {
                let ratio = ratio(of: bar, in: group).map { Figures.fixed($0, 2) } ?? ""
                let samples = bar.samples
                let range = "\(Figures.short(samples.smallest))–\(Figures.short(samples.largest))"
                lines.append(
                    Figures.left("  " + bar.subject, width) + Figures.right(Figures.short(samples.median), 18)
                        + Figures.right(samples.values.count > 1 ? range : "", 20)
                        + Figures.right(ratio, base.count + 6))
            }
        }
        return lines
    }

    /// A bar's median as a multiple of the base subject's; `nil` without a base.
    func ratio(of bar: Bar, in group: Group) -> Double? {
        guard let base = group.bars.first(where: { $0.subject == base })?.samples.median, base > 0 else { return nil }
        return bar.samples.median / base
    }
}

extension LineChart {
    /// Curves of a few points are tables; long ones are for the page.
    var isReadableAsText: Bool { series.allSatisfy { $0.x.count <= 14 } && !series.isEmpty }

    /// The curves as a table: one row for each.
    var textTable: FigureTable {
        let positions = Set(series.flatMap(\.x)).sorted()
        return FigureTable(
            title: title, columns: [x.scale == .percentile ? "" : x.title] + positions.map { x.text($0) },
            rows: series.map { series in
                [series.name]
                    + positions.map { position in
                        series.x.firstIndex(of: position).map { y.text(series.y[$0]) } ?? ""
                    }
            })
    }
}

extension FigureTable {
    /// The table as lines for a terminal.
    package var text: String { textLines.joined(separator: "\n") + "\n" }

    /// The table with its columns under each other.
    var textLines: [String] {
        let widths = columns.indices.map { column in
            ([columns] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        func line(_ cells: [String]) -> String {
            zip(cells, widths).enumerated().map { index, cell in
                index == 0 ? Figures.left(cell.0, cell.1) : Figures.right(cell.0, cell.1)
            }.joined(separator: "   ")
        }
        return (title.isEmpty ? [] : [title]) + [line(columns)] + rows.map(line)
    }
}
