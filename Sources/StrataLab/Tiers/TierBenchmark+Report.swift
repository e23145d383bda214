/// What was found out, as a report.
extension TierBenchmark {
    func makeReport(_ results: Results, skipped: String?) -> LabReport {
        var report = LabReport(
            title: "Tiers",
            summary:
                "TieredHash over a real server: \(Figures.grouped(keyCount)) hashes of \(Self.fieldNames.count) fields of "
                + "\(TierStage.value.count) bytes; medians of \(rounds) rounds in turns.",
            machine: .current())
        for (row, one) in results {
            for (subject, samples) in one { report.figures["\(row)/\(subject)/\(unit(row))"] = samples }
        }
        report.sections = [reads(results), mixes(results), sidecar(results, skipped), ratios(results)]
        return report
    }

    private func unit(_ row: String) -> String {
        if row.hasPrefix("sidecar-rate") || row.hasPrefix("zipf") { return "rate" }
        return row.hasPrefix("sidecar") ? "us" : "ns"
    }

    private func group(_ results: Results, _ row: String, _ title: String, _ subjects: [String]) -> BarChart.Group {
        BarChart.Group(
            title: title,
            bars: subjects.compactMap { subject in results[row]?[subject].map { .init(subject: subject, samples: $0) } }
        )
    }

    private func reads(_ results: Results) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Reads of one tier",
            note: """
                Keys uniform. The first tier is read with peek on one thread, values copied out, beside a HashStore with the same hashes. \
                The second tier is read with get while the first is empty, which keeps what it is told, beside the client that \
                lies under it with HGET.
                """)
        section.bars = [
            BarChart(
                title: "First tier", unit: "ns per read", base: "HashStore",
                groups: [group(results, "peek", "a field that is there", ["HashStore", "TieredHash"])]),
            BarChart(
                title: "Second tier", unit: "ns per read", base: "RedisClient",
                groups: [
                    group(results, "remote-1", "one call at a time", ["RedisClient", "TieredHash"]),
                    group(results, "remote-64", "64 callers", ["RedisClient", "TieredHash"]),
                ]),
            BarChart(
                title: "Twelve fields of the second tier", unit: "ns for all of them", base: "twelve calls",
                groups: [group(results, "twelve", "get", ["twelve calls", "one call"])]),
        ]
        return section
    }

    private func mixes(_ results: Results) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Mixes",
            note: """
                Keys by Zipf(0.99), fields at random; each caller has one call at a time. Higher is better. Each write \
                goes to the second tier, which reports it back: the next read of that hash asks the second tier again, so \
                writes bound what a first tier can gain. With a write in twenty calls, written through, no more than twenty times is possible.
                """)
        section.bars = [
            BarChart(
                title: "Throughput", unit: "operations/s", base: "second tier alone",
                groups: Self.mixes.map { group(results, $0.row, $0.title, ["second tier alone", "both tiers"]) })
        ]
        return section
    }

    private func sidecar(_ results: Results, _ skipped: String?) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Sidecar",
            note: skipped.map { "Left out: \($0)." } ?? """
                Requests that strata serve --upstream answers by itself, beside the redis-server behind it: one thread, the same \
                processor; redis-benchmark on another, 50 connections. The processor time of the server is what counts: the client is \
                the bottleneck.
                """)
        guard skipped == nil else { return section }
        func groups(_ prefix: String) -> [BarChart.Group] {
            ["HGET", "GET"].flatMap { command in
                [1, 16].map { depth in
                    group(
                        results, "\(prefix)\(command)-\(depth)", "\(command), \(depth) at once",
                        ["redis-server", "Sidecar"])
                }
            }
        }
        section.bars = [
            BarChart(
                title: "Processor time of the server", unit: "µs per request", base: "redis-server",
                groups: groups("sidecar-")),
            BarChart(title: "Requests", unit: "operations/s", base: "redis-server", groups: groups("sidecar-rate-")),
        ]
        return section
    }

    /// The figures that are to be reached.
    private func ratios(_ results: Results) -> LabReport.Section {
        var table = FigureTable(columns: ["what", "ratio", "to reach"])
        func add(_ title: String, _ row: String, _ ours: String, _ theirs: String, _ limit: String) {
            guard let ours = results[row]?[ours]?.median, let theirs = results[row]?[theirs]?.median, theirs > 0 else {
                return
            }
            table.rows.append([title, Figures.fixed(ours / theirs, 2), limit])
        }
        add("peek beside the bare store", "peek", "TieredHash", "HashStore", "≤ 1.3")
        add("hit of the second tier beside a round trip", "remote-1", "TieredHash", "RedisClient", "≤ 1.15")
        add("the same, 64 callers", "remote-64", "TieredHash", "RedisClient", "")
        add("twelve calls beside one", "twelve", "twelve calls", "one call", "≥ 6")
        for mix in Self.mixes {
            add("both tiers beside the second alone, \(mix.title)", mix.row, "both tiers", "second tier alone", "≥ 50")
        }
        for command in ["HGET", "GET"] {
            for depth in [1, 16] {
                add(
                    "throughput per core of the sidecar beside Redis, \(command), \(depth) at once",
                    "sidecar-\(command)-\(depth)", "redis-server", "Sidecar", "≥ 1.0")
            }
        }
        var section = LabReport.Section(title: "Ratios")
        section.tables = [table]
        return section
    }
}
