import Strata
import StrataMonitor
import Synchronization

/// `strata bench monitor`: what watching costs.
///
/// The same maps, in slices of a millisecond or so, by turns with nobody watching and with everything on: neighbours share what the machine is
/// doing, and there are hundreds of them.
package struct MonitorBenchmark: Sendable {
    /// How many keys there are.
    package var keyCount = 100_000
    /// How many pairs of slices are measured of each kind of work.
    package var pairs = 1000
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

        /// How many operations make about a millisecond.
        var sliceCount: Int {
            switch self {
            case .mapGet: 100_000
            case .mapSet: 40_000
            case .cacheGet: 20_000
            case .cacheSet, .storeGet: 8_000
            case .storeSet: 4_000
            }
        }
    }

    /// What it is done to, watched by a monitor all the time but for the sampling of operations.
    private final class Subjects: Sendable {
        let map = ConcurrentMap<UInt64, UInt64>()
        let cache: Cache<UInt64, UInt64>
        let store = HashStore()
        let names: [String]
        private let recorders = [OperationRecorder(), OperationRecorder(), OperationRecorder()]
        private let monitor: MapMonitor
        private let registrations: [Registration]

        init(keyCount: Int) throws {
            cache = Cache(maximumCount: keyCount * 2)
            names = (0..<keyCount).map { "user:\($0)" }
            for key in 0..<UInt64(keyCount) {
                map.updateValue(key, forKey: key)
                cache.put(key, forKey: key)
                try store.setField(names[Int(key)], "name", to: "a name")
            }
            let registry = MapRegistry()
            registrations = try [
                registry.enter(map, name: "map", recorder: recorders[0]),
                registry.enter(cache, name: "cache", recorder: recorders[1]),
                registry.enter(store, name: "store", recorder: recorders[2]),
            ]
            monitor = MapMonitor.start(registry: registry)
        }

        /// Begins or ceases to observe operations.
        func observe(_ isOn: Bool) {
            map.attach(isOn ? recorders[0] : nil)
            cache.attach(isOn ? recorders[1] : nil)
            store.attach(isOn ? recorders[2] : nil)
        }

        /// Ceases to watch.
        func end() {
            observe(false)
            monitor.stop()
            registrations.forEach { $0.end() }
        }
    }

    /// Slices of one kind of work, in pairs that were measured next to each other; nanoseconds per operation.
    private struct Slices {
        var off = Samples()
        var on = Samples()

        var ratios: [Double] { zip(on.values, off.values).map { $0 / $1 }.sorted() }
        /// The ratio of all time spent.
        var ofAllTime: Double { on.values.reduce(0, +) / off.values.reduce(0, +) }
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
        let workload = Workload(keyCount: keyCount, distribution: .zipf(theta: 0.99))
        let sequences = (0..<threads).map { workload.sequence(count: 1_000_000, seed: 1, stream: $0).ranks }
        var rows: [(title: String, slices: Slices)] = []
        for work in Work.allCases {
            for count in threads > 1 ? [1, threads] : [1] {
                let title = "\(work.rawValue), \(count) thread\(count == 1 ? "" : "s")"
                progress(title)
                rows.append((title, measure(subjects, work, Array(sequences.prefix(count)))))
            }
        }
        subjects.end()
        var report = LabReport(
            title: "The cost of watching",
            summary:
                "\(Figures.grouped(keyCount)) entries, keys Zipf-distributed; nanoseconds per operation as one thread sees them, medians of "
                + "\(Figures.grouped(pairs)) slices of about a millisecond. Everything on: operations sampled, latencies, hot keys; "
                + "a monitor looks at all of them once a second either way.",
            machine: .current())
        report.sections = [section(rows), ratios(rows), try answering(progress: progress)]
        for (title, slices) in rows {
            report.figures["\(title)/\(Self.off)/ns"] = slices.off
            report.figures["\(title)/\(Self.on)/ns"] = slices.on
            report.figures["\(title)/ratio"] = Samples([Samples(slices.ratios).median])
        }
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private func section(_ rows: [(title: String, slices: Slices)]) -> LabReport.Section {
        var section = LabReport.Section(title: "Operations", note: "Lower is better.")
        let groups = rows.map { title, slices in
            BarChart.Group(
                title: title,
                bars: [.init(subject: Self.off, samples: slices.off), .init(subject: Self.on, samples: slices.on)])
        }
        section.bars = [
            BarChart(title: "Time per operation", unit: "ns per operation", base: Self.off, groups: groups)
        ]
        return section
    }

    private func ratios(_ rows: [(title: String, slices: Slices)]) -> LabReport.Section {
        var section = LabReport.Section(
            title: "On over off",
            note:
                "Of each two slices next to each other: the median of their ratios and the middle half of them; and the ratio of all time."
        )
        section.tables = [
            FigureTable(
                columns: ["", "median", "middle half", "of all time"],
                rows: rows.map { title, slices in
                    let ratios = slices.ratios
                    return [
                        title, Figures.short(Samples(ratios).median),
                        "\(Figures.short(ratios[ratios.count / 4])) to \(Figures.short(ratios[ratios.count * 3 / 4]))",
                        Figures.short(slices.ofAllTime),
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

    /// Does one kind of work on as many threads as there are sequences of keys.
    ///
    /// - Returns: Nanoseconds per operation, of the thread that took longest.
    private func measure(_ subjects: Subjects, _ work: Work, _ sequences: [[Int]]) -> Slices {
        let barrier = Barrier(sequences.count)
        let warmUp = 20
        let sliceCount = (pairs + warmUp) * 2
        let times = Mutex([Double](repeating: 0, count: sliceCount))
        PinnedThreads.run(sequences.count) { thread in
            let ranks = sequences[thread]
            var own = [Double](repeating: 0, count: sliceCount)
            var position = 0
            for slice in 0..<sliceCount {
                if thread == 0 { subjects.observe(Self.isOn(slice)) }
                if position + work.sliceCount > ranks.count { position = 0 }
                barrier.wait()
                let start = Nanoseconds.now()
                perform(work, on: subjects, ranks[position..<position + work.sliceCount])
                own[slice] = Double(Nanoseconds.now() - start) / Double(work.sliceCount)
                barrier.wait()
                position += work.sliceCount
            }
            times.withLock { times in
                for slice in own.indices { times[slice] = max(times[slice], own[slice]) }
            }
        }
        var slices = Slices()
        for (slice, time) in times.withLock({ $0 }).enumerated().dropFirst(warmUp * 2) {
            if Self.isOn(slice) { slices.on.add(time) } else { slices.off.add(time) }
        }
        return slices
    }

    /// Whether a slice is one with everything on: of each pair one is, the first and the second by turns.
    private static func isOn(_ slice: Int) -> Bool { (slice / 2 + slice) % 2 == 1 }

    private func perform(_ work: Work, on subjects: Subjects, _ ranks: ArraySlice<Int>) {
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
}
