import Strata
import StrataMonitor

/// `strata bench monitor`: what watching costs.
///
/// The same maps, in turns with nobody watching and with everything on.
package struct MonitorBenchmark: Sendable {
    /// How many keys there are.
    package var keyCount = 100_000
    /// How many operations each thread does in each round.
    package var operationCount = 2_000_000
    /// How many rounds are measured, in turns.
    package var rounds = 15
    /// How many threads there are beside one.
    package var threads = min(PinnedThreads.processors.count, 2)

    /// The usual size.
    package init() {}

    private static let off = "nobody watches"
    private static let on = "everything on"

    /// What is done.
    private enum Work: String, CaseIterable {
        case mapGet = "ConcurrentMap get, hit"
        case mapSet = "ConcurrentMap set"
        case cacheGet = "Cache get, hit"
        case cacheSet = "Cache put"
        case storeGet = "HashStore read of a field"
        case storeSet = "HashStore set of a field"
    }

    /// What it is done to.
    private final class Subjects: Sendable {
        let map = ConcurrentMap<UInt64, UInt64>()
        let cache: Cache<UInt64, UInt64>
        let store = HashStore()
        let names: [String]

        init(keyCount: Int) throws {
            cache = Cache(maximumCount: keyCount * 2)
            names = (0..<keyCount).map { "user:\($0)" }
            for key in 0..<UInt64(keyCount) {
                map.updateValue(key, forKey: key)
                cache.put(key, forKey: key)
                try store.setField(names[Int(key)], "name", to: "a name")
            }
        }

        /// Begins to watch; ends with the result's life.
        func watch() throws -> (monitor: MapMonitor, registrations: [Registration]) {
            let registry = MapRegistry()
            let registrations = try [
                registry.register(map, name: "map"), registry.register(cache, name: "cache"),
                registry.register(store, name: "store"),
            ]
            return (MapMonitor.start(registry: registry), registrations)
        }
    }

    /// Runs the benchmark.
    ///
    /// - Parameter progress: Told what is being done.
    /// - Returns: What was found.
    /// - Throws: What the store throws when memory is short.
    package func run(progress: MapBenchmark.Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        progress("putting \(keyCount) entries into each")
        let subjects = try Subjects(keyCount: keyCount)
        let counts = threads > 1 ? [1, threads] : [1]
        let rows = Work.allCases.flatMap { work in
            counts.map { ("\(work.rawValue), \($0) thread\($0 == 1 ? "" : "s")", work, $0) }
        }
        var samples: [String: [String: Samples]] = [:]
        for round in -1..<rounds {
            progress(round < 0 ? "warming up" : "round \(round + 1) of \(rounds)")
            for (title, work, count) in rows {
                for side in round % 2 == 0 ? [Self.off, Self.on] : [Self.on, Self.off] {
                    let watching = side == Self.on ? try subjects.watch() : nil
                    let time = measure(subjects, work, threads: count, seed: UInt64(round + 2))
                    watching?.monitor.stop()
                    watching?.registrations.forEach { $0.end() }
                    if round >= 0 { samples[title, default: [:]][side, default: Samples()].add(time) }
                }
            }
        }
        var report = LabReport(
            title: "The cost of watching",
            summary:
                "\(Figures.grouped(keyCount)) entries, keys Zipf-distributed; nanoseconds per operation as one thread sees them, medians of "
                + "\(rounds) rounds in turns. Everything on: operations sampled, latencies, hot keys, windows once a second.",
            machine: .current())
        report.sections = [
            section(rows.map(\.0), samples), ratios(rows.map(\.0), samples), try answering(progress: progress),
        ]
        for (title, sides) in samples {
            for (side, values) in sides { report.figures["\(title)/\(side)/ns"] = values }
        }
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private func section(_ titles: [String], _ samples: [String: [String: Samples]]) -> LabReport.Section {
        var section = LabReport.Section(title: "Operations", note: "Lower is better.")
        let groups = titles.map { title in
            BarChart.Group(
                title: title,
                bars: [Self.off, Self.on].compactMap { side in
                    samples[title]?[side].map { .init(subject: side, samples: $0) }
                })
        }
        section.bars = [
            BarChart(title: "Time per operation", unit: "ns per operation", base: Self.off, groups: groups)
        ]
        return section
    }

    /// The ratio of each pair of neighbouring measurements, which share what the machine was doing.
    private func ratios(_ titles: [String], _ samples: [String: [String: Samples]]) -> LabReport.Section {
        var section = LabReport.Section(
            title: "On over off",
            note:
                "The median of the rounds' ratios, each of two measurements next to each other, and the middle half of them."
        )
        section.tables = [
            FigureTable(
                columns: ["", "median", "middle half"],
                rows: titles.compactMap { title in
                    guard let off = samples[title]?[Self.off]?.values, let on = samples[title]?[Self.on]?.values else {
                        return nil
                    }
                    let ratios = zip(on, off).map { $0 / $1 }.sorted()
                    return [
                        title, Figures.short(Samples(ratios).median),
                        "\(Figures.short(ratios[ratios.count / 4])) to \(Figures.short(ratios[ratios.count * 3 / 4]))",
                    ]
                })
        ]
        return section
    }

    /// How long `/metrics` takes with a hundred maps, and what a writer notices.
    private func answering(progress: MapBenchmark.Progress) throws -> LabReport.Section {
        progress("a hundred maps")
        let registry = MapRegistry()
        let maps = (0..<100).map { _ in ConcurrentMap<UInt64, UInt64>() }
        let registrations = try maps.enumerated().map { try registry.register($1, name: "map \($0)") }
        for map in maps {
            for key in 0..<1000 as Range<UInt64> {
                map.updateValue(key, forKey: key)
                _ = map[key]
            }
        }
        let monitor = MapMonitor(registry: registry)
        monitor.tick()
        var times = Samples()
        var bytes = 0
        for _ in 0..<50 {
            let start = Nanoseconds.now()
            bytes = monitor.metricsText().bytes.count
            times.add(Double(Nanoseconds.now() - start))
        }
        var ticks = Samples()
        for _ in 0..<20 {
            let start = Nanoseconds.now()
            monitor.tick()
            ticks.add(Double(Nanoseconds.now() - start))
        }
        // The registry holds them weakly.
        withExtendedLifetime(maps) { registrations.forEach { $0.end() } }
        var section = LabReport.Section(
            title: "A hundred maps of 1000 entries",
            note: "All metrics as text, and the look that is taken once a second.")
        section.tables = [
            FigureTable(
                columns: ["", "median", "longest"],
                rows: [
                    [
                        "/metrics, \(Figures.grouped(bytes)) bytes", Figures.duration(times.median),
                        Figures.duration(times.largest),
                    ],
                    ["tick", Figures.duration(ticks.median), Figures.duration(ticks.largest)],
                ])
        ]
        return section
    }

    private func measure(_ subjects: Subjects, _ work: Work, threads: Int, seed: UInt64) -> Double {
        let workload = Workload(keyCount: keyCount, distribution: .zipf(theta: 0.99))
        let isStore = work == .storeGet || work == .storeSet
        let count = isStore ? operationCount / 4 : operationCount
        let sequences = (0..<threads).map { workload.sequence(count: count, seed: seed, stream: $0).ranks }
        let times = PinnedThreads.run(threads) { thread in
            let ranks = sequences[thread]
            switch work {
            case .mapGet: for rank in ranks { blackHole(subjects.map[UInt64(rank)] ?? 0) }
            case .mapSet: for rank in ranks { subjects.map.updateValue(1, forKey: UInt64(rank)) }
            case .cacheGet: for rank in ranks { blackHole(subjects.cache.get(UInt64(rank)) ?? 0) }
            case .cacheSet: for rank in ranks { subjects.cache.put(1, forKey: UInt64(rank)) }
            case .storeGet:
                for rank in ranks { blackHole(UInt64(subjects.store[subjects.names[rank], "name"]?.count ?? 0)) }
            case .storeSet:
                for rank in ranks { _ = try? subjects.store.setField(subjects.names[rank], "name", to: "a name") }
            }
        }
        return Double(times.max() ?? 0) / Double(count)
    }
}
