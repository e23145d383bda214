/// `strata bench pool`: objects from a pool beside new ones: time, tail and allocations.
package struct PoolBenchmark: Sendable {
    /// Who is measured; the others are compared with the first.
    package var subjects = PoolSubjectName.allCases
    /// What is handed out.
    package var payloads = PoolPayloadName.allCases
    /// How many threads there are beside one.
    package var threads = min(PinnedThreads.processors.count, 2)
    /// What each started process does.
    package var task = PoolChild.Task()
    /// How often each subject is started.
    package var launches = 5

    /// The usual benchmark.
    package init() {}

    private var threadCounts: [Int] { threads > 1 ? [1, threads] : [1] }

    /// One row: what is done, to what, by how many.
    private struct Row: Hashable {
        var payload: PoolPayloadName
        var pattern: PoolChild.Pattern
        var threads: Int

        var name: String { "\(pattern.rawValue)-\(payload.rawValue)-\(threads)" }
        var title: String {
            "\(pattern.title), \(payload.title), \(threads) thread\(threads == 1 ? "" : "s")"
        }
    }

    private var rows: [Row] {
        payloads.flatMap { payload in
            PoolChild.Pattern.allCases.flatMap { pattern in
                threadCounts.map { Row(payload: payload, pattern: pattern, threads: $0) }
            }
        }
    }

    /// Runs the benchmark.
    ///
    /// - Parameter progress: Told what is being done.
    /// - Returns: What was found.
    /// - Throws: What makes the benchmark impossible.
    package func run(progress: MapBenchmark.Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        var found: [Row: [PoolSubjectName: [PoolChild.Result]]] = [:]
        for launch in 0..<launches {
            for offset in subjects.indices {
                // Another one begins each time, so that no one always comes after the same neighbour.
                let subject = subjects[(offset + launch) % subjects.count]
                for row in rows where subject != .arena || row.payload == .small {
                    progress("launch \(launch + 1) of \(launches): \(subject.title), \(row.title)")
                    var task = task
                    task.subject = subject
                    task.payload = row.payload
                    task.pattern = row.pattern
                    task.threads = row.threads
                    found[row, default: [:]][subject, default: []].append(try PoolChild.launch(task))
                }
            }
        }
        var report = LabReport(
            title: "Pools beside allocation",
            summary:
                "An object is taken, one word of it is written and read, and it goes back; medians over "
                + "\(Figures.counted(launches, "launch", "launches")) of each subject, taken in turns.",
            machine: .current())
        report.sections = [times(found), tails(found), allocations(found)]
        for row in rows {
            for (subject, results) in found[row] ?? [:] {
                let name = "\(row.name)/\(subject.title)"
                report.figures["\(name)/ns"] = Samples(results.map { Samples($0.times).median })
                report.figures["\(name)/p99.9"] = Samples(results.map { Double($0.latencies["P99.9"]) })
                report.figures["\(name)/allocations"] = Samples(results.map(\.allocationsPerOperation))
            }
        }
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private typealias Found = [Row: [PoolSubjectName: [PoolChild.Result]]]

    private func times(_ found: Found) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Get and return", note: "Lower is better. The range is that of the launches' medians.")
        let groups = rows.map { row in
            BarChart.Group(
                title: row.title,
                bars: subjects.compactMap { subject in
                    found[row]?[subject].map { results in
                        .init(subject: subject.title, samples: Samples(results.map { Samples($0.times).median }))
                    }
                })
        }
        section.bars = [
            BarChart(
                title: "Time per get and return", unit: "ns", base: subjects.first?.title ?? "", groups: groups)
        ]
        return section
    }

    private func tails(_ found: Found) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Tail",
            note:
                "Every operation timed; what an empty interval takes as a rule, reading the clock, is subtracted. Medians over the launches. Noise "
                + "is what empty intervals took at the same time: what the machine adds to anybody's tail.")
        let names = ["P50", "P99", "P99.9", "max"]
        section.tables = rows.map { row in
            func line(_ title: String, _ summaries: [LatencySummary]) -> [String] {
                [title] + names.map { name in Figures.duration(Samples(summaries.map { Double($0[name]) }).median) }
            }
            let mine = subjects.compactMap { subject in found[row]?[subject].map { (subject, $0) } }
            return FigureTable(
                title: row.title, columns: [""] + names,
                rows: mine.map { line($0.0.title, $0.1.map(\.latencies)) }
                    + [line("noise", mine.flatMap { $0.1.map(\.noise) })])
        }
        return section
    }

    private func allocations(_ found: Found) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Allocations",
            note:
                "Calls of the C library's allocator for each operation in a steady state, counted, the most of all launches."
        )
        section.tables = [
            FigureTable(
                columns: [""] + subjects.map(\.title),
                rows: rows.map { row in
                    [row.title]
                        + subjects.map { subject in
                            guard let most = found[row]?[subject]?.map(\.allocationsPerOperation).max() else {
                                return ""
                            }
                            return most < 0 ? "not counted" : Figures.short(most)
                        }
                })
        ]
        return section
    }
}
