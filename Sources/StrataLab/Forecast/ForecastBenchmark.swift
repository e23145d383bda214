/// `strata bench forecast`: how early and how rightly limits are announced, over simulated growth of many shapes.
package struct ForecastBenchmark: Sendable {
    /// What is simulated.
    package var kinds = GrowthKind.allCases
    /// How many scenarios there are of each kind that reach the limit, and as many that don't.
    package var count = 100
    /// What all random choices follow from.
    ///
    /// The forecaster was tuned on seeds from 1 000 to 1 099, with waves also on those from 2 000 000 to 2 000 299; those from 900 000 to 900 099
    /// were looked at.
    package var seed: UInt64 = 7_000_000

    /// The usual benchmark.
    package init() {}

    /// What everybody did with the scenarios of one kind.
    package typealias Scores = [ForecastSubject: ForecastScore]

    /// Lets all subjects watch the scenarios of a kind.
    package func scores(of kind: GrowthKind) -> Scores {
        var scores: Scores = [:]
        for subject in ForecastSubject.allCases { scores[subject] = ForecastScore() }
        for index in 0..<count {
            for isPositive in [true, false] where isPositive ? kind.reachesLimit : kind.mayStayBelow {
                let scenario = GrowthScenario(kind: kind, isPositive: isPositive, seed: seed &+ UInt64(index))
                for subject in ForecastSubject.allCases {
                    scores[subject]?.add(ForecastOutcome(of: subject, in: scenario), of: scenario)
                }
            }
        }
        return scores
    }

    /// Runs the benchmark.
    ///
    /// - Parameter progress: Told what is being done.
    /// - Returns: What was found.
    package func run(progress: MapBenchmark.Progress) -> LabReport {
        let start = Nanoseconds.now()
        var report = LabReport(
            title: "Forecasts of growth",
            summary:
                "\(count) simulated figures of each shape that reach their limit and as many that don't, seeds from \(seed) on; a warning "
                + "is in time \(Int(ForecastOutcome.latest / 60)) minutes ahead.",
            machine: .current())
        var all: [GrowthKind: Scores] = [:]
        for kind in kinds {
            progress(kind.rawValue)
            all[kind] = scores(of: kind)
        }
        report.sections = [announced(all), alarms(all)]
        for (kind, scores) in all {
            for (subject, score) in scores {
                let name = "\(kind.rawValue)/\(subject.rawValue)"
                report.figures["\(name)/recall"] = Samples([score.recall])
                report.figures["\(name)/precision"] = Samples([score.precision])
                report.figures["\(name)/false"] = Samples([Double(score.falseCount)])
                if !score.leads.isEmpty { report.figures["\(name)/lead"] = Samples(score.leads) }
            }
        }
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private func announced(_ all: [GrowthKind: Scores]) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Limits that are reached",
            note: """
                Recall: the share of limits announced in time by a warning that was still up when the limit was reached. Precision: the \
                share of warnings that were followed by the limit, or by less than 2 % to it, within 4 hours; warnings in figures that \
                never reach it count. Lead: minutes from warning to limit, the median and what nine of ten exceed.
                """)
        var table = FigureTable(columns: ["shape", "who", "recall", "precision", "false", "lead", "lead P10"])
        for kind in kinds where kind.reachesLimit {
            for subject in ForecastSubject.allCases {
                guard let score = all[kind]?[subject] else { continue }
                table.rows.append([
                    subject == .forecaster ? kind.rawValue : "", subject.title, Figures.fixed(score.recall, 2),
                    Figures.fixed(score.precision, 2), "\(score.falseCount)", minutes(score.lead(0.5)),
                    minutes(score.lead(0.1)),
                ])
            }
        }
        section.tables = [table]
        return section
    }

    private func alarms(_ all: [GrowthKind: Scores]) -> LabReport.Section {
        var section = LabReport.Section(
            title: "Limits that are never reached", note: "Every warning is a false one.")
        var table = FigureTable(columns: ["shape", "hours"] + ForecastSubject.allCases.map(\.title))
        for kind in kinds where !kind.reachesLimit {
            guard let scores = all[kind] else { continue }
            let hours = Figures.fixed(scores[.forecaster]?.hours ?? 0, 0)
            table.rows.append(
                [kind.rawValue, hours] + ForecastSubject.allCases.map { "\(scores[$0]?.falseCount ?? 0)" })
        }
        section.tables = [table]
        return section
    }

    private func minutes(_ seconds: Double?) -> String {
        seconds.map { Figures.fixed($0 / 60, 0) + " min" } ?? "–"
    }
}

extension ForecastSubject {
    /// As it is called in tables.
    package var title: String {
        switch self {
        case .forecaster: "forecaster"
        case .smoothed: "EWMA and trend"
        case .slope: "EWMA slope alone"
        }
    }
}

extension ForecastScore {
    /// The lead that the given share of announced limits fell short of; `nil` if there were none.
    package func lead(_ share: Double) -> Double? {
        let sorted = leads.sorted()
        return sorted.isEmpty ? nil : sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
}
