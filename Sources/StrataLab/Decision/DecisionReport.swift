extension Decision {
    /// The decision as a report of the lab: for the terminal, as JSON, and as a page.
    ///
    /// - Parameters:
    ///   - signals: What a running service said.
    ///   - seconds: How long measuring took.
    /// - Returns: The report.
    package func report(signals: ServiceSignals?, seconds: Double) -> LabReport {
        var report = LabReport(
            title: "Where to keep the data: \(answer.architecture.title)" + (isFeasible ? "" : ", with reservations"),
            summary:
                "\(answer.architecture.title) is \(answer.architecture.explanation). Runner-up: \(runnerUp.architecture.title) "
                + "with \(Self.points(runnerUp.total(weights))) of 100 points to \(Self.points(answer.total(weights))).",
            machine: .current(), seconds: seconds)
        report.sections = [reasonSection(signals), scoreSection, changeSection, sensitivitySection, figureSection]
            .filter { !$0.isEmpty }
        for card in ranking {
            let name = card.architecture.rawValue
            report.figures["\(name)/total"] = Samples([card.total(weights)])
            for (dimension, score) in card.scores { report.figures["\(name)/\(dimension.rawValue)"] = Samples([score]) }
        }
        return report
    }

    private static func points(_ score: Double) -> String { Figures.fixed(score * 100, 0) }

    private func reasonSection(_ signals: ServiceSignals?) -> LabReport.Section {
        var section = LabReport.Section(title: "Why")
        section.points = reasons + (signals?.findings.map { "the running service: \($0)" } ?? [])
        return section
    }

    private var scoreSection: LabReport.Section {
        var section = LabReport.Section(
            title: "Scores",
            note:
                "Points of 100 in each dimension, and all together by the weights. How they come about: docs/decide.md."
        )
        let columns = ["", "weight"] + ranking.map(\.architecture.title)
        var table = FigureTable(columns: columns)
        for dimension in DecisionDimension.allCases {
            table.rows.append(
                [dimension.rawValue, Figures.fixed(weights.share(of: dimension) * 100, 0) + " %"]
                    + ranking.map { Self.points($0.scores[dimension] ?? 0) })
        }
        table.rows.append(["all together", "100 %"] + ranking.map { Self.points($0.total(weights)) })
        table.rows.append(["can be used", ""] + ranking.map { $0.obstacles.isEmpty ? "yes" : "no" })
        table.rows.append(["operations per second", ""] + ranking.map { Figures.short($0.capacity) })
        table.rows.append(["P99", ""] + ranking.map { Figures.duration($0.latency) })
        table.rows.append(["age of what is read", ""] + ranking.map { Self.age($0.staleness) })
        table.rows.append(["cost in units", ""] + ranking.map { Figures.short($0.cost) })
        table.rows.append(["servers", ""] + ranking.map { "\($0.servers)" })
        section.tables = [table]
        return section
    }

    private var changeSection: LabReport.Section {
        var section = LabReport.Section(title: "What would change the answer", note: "The nearest first.")
        let rows = changes.prefix(8).map { [$0.condition, $0.answer.title] }
        section.tables = [
            rows.isEmpty
                ? FigureTable(columns: [""], rows: [["Nothing within a factor of a thousand, and no weights."]])
                : FigureTable(columns: ["", "then"], rows: Array(rows))
        ]
        return section
    }

    private var sensitivitySection: LabReport.Section {
        var section = LabReport.Section(
            title: "Sensitivity to the weights",
            note:
                "All points together, by the part of the weights that one dimension has; the others share the rest as they do now. The answer is "
                + "the highest curve of those that can be used. --html writes a page with the plots."
        )
        section.lines = DecisionDimension.allCases.map(sensitivity)
        return section
    }

    private func sensitivity(to dimension: DecisionDimension) -> LineChart {
        let shares = (0...20).map { Double($0) / 20 }
        let now = weights.share(of: dimension)
        let percent = Figures.fixed(now * 100, 0)
        var chart = LineChart(
            title: "If \(dimension.rawValue) counted more, or less",
            x: .init("weight of \(dimension.rawValue)", .linear, .share), y: .init("points of 100"),
            series: Architecture.allCases.compactMap { architecture in
                guard let card = ranking.first(where: { $0.architecture == architecture }) else { return nil }
                var series = LineChart.Series(
                    name: architecture.title + (card.obstacles.isEmpty ? "" : " (can't be used)"), x: shares,
                    y: shares.map { card.total(weights.with(share: $0, of: dimension)) * 100 })
                series.isFaint = !card.obstacles.isEmpty && isFeasible
                return series
            })
        chart.marks = [.init(now, "now \(percent) %: \(answer.architecture.title)")]
        var before = Decision(facts, figures, weights.with(share: 0, of: dimension)).answer.architecture
        for step in 1...200 {
            let share = Double(step) / 200
            let after = Decision(facts, figures, weights.with(share: share, of: dimension)).answer.architecture
            if after != before { chart.marks?.append(.init(share - 0.0025, "\(before.title) → \(after.title)")) }
            before = after
        }
        return chart
    }

    private var figureSection: LabReport.Section {
        var section = LabReport.Section(
            title: "What this rests on",
            note: "Measure with --redis, or state figures with --figures: an assumption is only that.")
        section.tables = [
            FigureTable(
                columns: ["", "", ""],
                rows: figures.byName.sorted { $0.key < $1.key }
                    .map { [$0.key, Figures.short($0.value), figures.known.contains($0.key) ? "known" : "assumed"] })
        ]
        return section
    }
}
