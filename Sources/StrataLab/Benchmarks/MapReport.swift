/// Puts what a ``MapBenchmark`` found into a report.
struct MapReport {
    private let benchmark: MapBenchmark
    private let collected: [MapBenchmark.Collected]
    private let base = MapSubjectName.strata.title

    init(_ benchmark: MapBenchmark, _ collected: [MapBenchmark.Collected]) {
        self.benchmark = benchmark
        self.collected = collected
    }

    /// The sections.
    var sections: [LabReport.Section] { [rows, scaling, shapes, memory, growth, paced] }

    /// What programs look up.
    var figures: [String: Samples] {
        var figures: [String: Samples] = [:]
        for subject in collected {
            for (row, samples) in subject.rows { figures["\(row)/\(subject.title)/ns"] = samples }
            if !subject.resident.values.isEmpty { figures["memory/\(subject.title)/bytes"] = subject.resident }
            if !subject.growth.isEmpty {
                func add(_ name: String, _ value: (GrowthMeasurement.Result) -> Double) {
                    figures["growth/\(subject.title)/\(name)"] = Samples(subject.growth.map(value))
                }
                add("mean") { $0.insertions.mean }
                add("p99.99") { Double($0.insertions["P99.99"]) }
                add("worst") { Double($0.insertions.maximum) }
                add("noise p99.99") { Double($0.noise["P99.99"]) }
                if subject.growth[0].maximumSlotsMoved != nil { add("slots") { Double($0.maximumSlotsMoved ?? 0) } }
            }
            if !subject.paced.isEmpty {
                figures["paced/\(subject.title)/p99"] = Samples(subject.paced.map { Double($0.latencies["P99"]) })
                figures["paced/\(subject.title)/own p99"] = Samples(
                    subject.paced.map { Double($0.ownLatencies["P99"]) })
            }
        }
        return figures
    }

    private func base(of group: [BarChart.Bar]) -> String { group.first?.subject ?? base }

    private var rows: LabReport.Section {
        var section = LabReport.Section(
            title: "Operations", note: "Lower is better. The range is that of the launches' medians.")
        let groups = benchmark.rows.compactMap { row -> BarChart.Group? in
            var bars = collected.compactMap { subject in
                subject.rows[row.name].map { BarChart.Bar(subject: subject.title, samples: $0) }
            }
            if row.bulk > 1, let single = collected.first?.rows["get-\(row.threads)"] {
                bars.append(BarChart.Bar(subject: base + ", one by one", samples: single))
            }
            return bars.isEmpty ? nil : BarChart.Group(title: row.title, bars: bars)
        }
        if !groups.isEmpty {
            section.bars = [BarChart(title: "Time per operation", unit: "ns per operation", base: base, groups: groups)]
        }
        return section
    }

    /// What several threads do together, compared with one.
    private var scaling: LabReport.Section {
        var section = LabReport.Section(
            title: "Scaling", note: "Operations per second of all threads together, over those of one thread alone.")
        let pairs = benchmark.rows.filter { $0.threads > 1 }.compactMap { row -> (MapRow, String)? in
            let single = row.name.split(separator: "-").dropLast().joined(separator: "-") + "-1"
            return benchmark.rows.contains { $0.name == single } ? (row, single) : nil
        }
        guard !pairs.isEmpty else { return section }
        let table = FigureTable(
            columns: [""] + collected.map(\.title),
            rows: pairs.map { row, single in
                [row.title]
                    + collected.map { subject in
                        guard let many = subject.rows[row.name]?.median, let one = subject.rows[single]?.median,
                            many > 0
                        else { return "" }
                        return Figures.fixed(Double(row.threads) * one / many, 2) + "×"
                    }
            })
        section.tables = [table]
        return section
    }

    /// Keys that a weak hash function would put close together, compared with keys like random ones.
    private var shapes: LabReport.Section {
        var section = LabReport.Section(
            title: "Keys that aren't random",
            note:
                "Time of a get hit as a multiple of what the same map takes with keys like random ones. Dictionaries profit from neighbours "
                + "in memory only by chance; what matters is that no column is far above 1.")
        let mine = benchmark.rows.filter { $0.shape != .scattered }
        guard !mine.isEmpty, benchmark.rows.contains(where: { $0.name == "get-1" }) else { return section }
        let subjects = collected.filter { subject in mine.contains { subject.rows[$0.name] != nil } }
        section.tables = [
            FigureTable(
                columns: [""] + subjects.map(\.title),
                rows: mine.map { row in
                    [row.title]
                        + subjects.map { subject in
                            guard let time = subject.rows[row.name]?.median,
                                let random = subject.rows["get-\(row.threads)"]?.median, random > 0
                            else { return "" }
                            return Figures.fixed(time / random, 2) + "×"
                        }
                })
        ]
        return section
    }

    private var memory: LabReport.Section {
        var section = LabReport.Section(
            title: "Memory",
            note: "UInt64 to UInt64, \(Figures.grouped(benchmark.task.keyCount)) entries: what the process grew by.")
        let bars = collected.filter { !$0.resident.values.isEmpty }.map {
            BarChart.Bar(subject: $0.title, samples: $0.resident)
        }
        guard !bars.isEmpty else { return section }
        let group = BarChart.Group(title: "resident", bars: bars)
        section.bars = [BarChart(title: "Memory per entry", unit: "bytes", base: base, groups: [group])]
        let own = collected.filter { !$0.own.values.isEmpty }
        if !own.isEmpty {
            section.tables = [
                FigureTable(
                    title: "As the subject counts itself", columns: ["", "bytes per entry"],
                    rows: own.map { [$0.title, Figures.fixed($0.own.median, 1)] })
            ]
        }
        return section
    }

    private var growth: LabReport.Section {
        var section = LabReport.Section(
            title: "Growth from 0 to \(Figures.grouped(benchmark.growthCount))",
            note:
                "Every insertion timed, one thread; of the launches the one with the lowest P99.99. Slots moved are counted, not "
                + "timed: they don't depend on the machine. Noise is what empty steps of about the same length took in between."
        )
        let best = collected.compactMap { subject in
            subject.growth.min { $0.insertions["P99.99"] < $1.insertions["P99.99"] }.map { (subject.title, $0) }
        }
        guard !best.isEmpty else { return section }
        section.tables = [
            FigureTable(
                columns: [
                    "", "mean", "P99", "P99.9", "P99.99", "worst", "noise P99.99", "noise worst", "slots moved at most",
                    "bytes/entry",
                ],
                rows: best.map { title, result in
                    let times = [result.insertions["P99"], result.insertions["P99.9"], result.insertions["P99.99"]]
                    return [title, Figures.duration(result.insertions.mean)]
                        + (times + [result.insertions.maximum, result.noise["P99.99"], result.noise.maximum])
                        .map { Figures.duration(Double($0)) }
                        + [
                            result.maximumSlotsMoved.map { "\($0)" } ?? "?",
                            Figures.fixed(result.residentBytesPerEntry, 1),
                        ]
                })
        ]
        section.lines = [
            .latencies(
                title: "Insertions by percentile",
                best.map { ($0.0, $0.1.insertions) } + [("noise", best[0].1.noise)]),
            timeline(
                title: "Longest insertion while the map grows", best.map { ($0.0, $0.1.timeline) },
                end: Double(benchmark.growthCount), axis: .init("entries")),
        ]
        return section
    }

    private var paced: LabReport.Section {
        let load = benchmark.paced
        var section = LabReport.Section(
            title: "\(Figures.short(load.rate)) paced writes per second",
            note:
                "Insertions due at fixed times for \(Figures.short(load.seconds)) s into an empty map, \(load.threads) "
                + "thread\(load.threads == 1 ? "" : "s"). Latency counts from when an operation was due (coordinated omission "
                + "corrected). 'Own' leaves out what the machine did to the waiting loop: what the operations' own times and the waits behind "
                + "them come to. Of the launches the one with the lower own P99.")
        let best = collected.compactMap { subject in
            subject.paced.min { $0.ownLatencies["P99"] < $1.ownLatencies["P99"] }.map { (subject.title, $0) }
        }
        guard !best.isEmpty else { return section }
        section.tables = [
            FigureTable(
                columns: ["", "P50", "P99", "P99.9", "worst", "own P50", "own P99", "own P99.9", "own worst", "busy"],
                rows: best.map { title, result in
                    [title]
                        + [result.latencies, result.ownLatencies].flatMap { summary in
                            ["P50", "P99", "P99.9", "max"].map { Figures.duration(Double(summary[$0])) }
                        }
                        + [Figures.fixed(result.busyShare * 100, 1) + " %"]
                })
        ]
        section.lines = [
            .latencies(title: "Own latency by percentile", best.map { ($0.0, $0.1.ownLatencies) }),
            timeline(
                title: "Longest latency over time", best.map { ($0.0, $0.1.timeline) }, end: load.seconds,
                axis: .init("seconds")),
        ]
        return section
    }

    private func timeline(
        title: String, _ subjects: [(name: String, values: [UInt64])], end: Double, axis: LineChart.Axis
    ) -> LineChart {
        LineChart(
            title: title, x: axis, y: .init("longest", .logarithmic, .nanoseconds),
            series: subjects.map { name, values in
                let step = end / Double(max(values.count, 1))
                return .init(
                    name: name, x: values.indices.map { (Double($0) + 0.5) * step },
                    y: values.map { Double(max($0, 1)) })
            })
    }
}
