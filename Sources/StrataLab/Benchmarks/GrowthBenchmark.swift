import Strata

/// `strata bench growth`: what an entry costs by the number of entries: time, memory, allocations, moves.
package struct GrowthBenchmark: Sendable {
    /// Who grows.
    package var subjects: [MapSubjectName] = [.strata, .sharded, .mutex]
    /// How far.
    package var counts = [1_000, 10_000, 100_000, 1_000_000, 4_000_000]
    /// How often; the median counts.
    package var rounds = 3

    /// The usual sizes.
    package init() {}

    /// What growing to one size took.
    struct Figure: Sendable {
        var count: Int
        var time: Samples
        var allocations: Double
        var allocatedBytes: Double
        var residentBytes: Double
        var ownBytes: Double?
        var slotsMoved: Int?
        var movedPerEntry: Double?
    }

    /// Runs the benchmark.
    package func run(progress: MapBenchmark.Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        var report = LabReport(
            title: "Growth baseline",
            summary:
                "UInt64 to UInt64, inserted one after the other by one thread, from an empty map; medians of \(rounds) rounds.",
            machine: .current())
        var section = LabReport.Section(
            title: "By number of entries",
            note:
                "Allocations are calls of the C library's allocator and what they asked for; ConcurrentMap takes large tables from "
                + "the kernel instead, which its own count includes.")
        var time = LineChart(
            title: "Time per insertion", x: .init("entries", .logarithmic), y: .init("time", .linear, .nanoseconds))
        var memory = LineChart(
            title: "Memory per entry", x: .init("entries", .logarithmic), y: .init("memory", .linear, .bytes))
        for subject in subjects where subject != .actor {
            let figures = measure(subject, progress)
            section.tables.append(table(subject.title, figures))
            let counts = figures.map { Double($0.count) }
            time.series.append(.init(name: subject.title, x: counts, y: figures.map(\.time.median)))
            memory.series.append(
                .init(name: subject.title, x: counts, y: figures.map { $0.ownBytes ?? $0.residentBytes }))
        }
        section.lines = [time, memory]
        report.sections = [section]
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private func table(_ title: String, _ figures: [Figure]) -> FigureTable {
        FigureTable(
            title: title,
            columns: [
                "entries", "ns/op", "lowest–highest", "allocations/op", "allocated B/op", "resident B/entry",
                "own B/entry", "moves/op", "slots moved by one op",
            ],
            rows: figures.map { figure in
                [
                    "\(figure.count)", Figures.short(figure.time.median),
                    "\(Figures.short(figure.time.smallest))–\(Figures.short(figure.time.largest))",
                    Figures.fixed(figure.allocations, 5), Figures.short(figure.allocatedBytes),
                    Figures.fixed(figure.residentBytes, 1), figure.ownBytes.map { Figures.fixed($0, 1) } ?? "",
                    figure.movedPerEntry.map { Figures.fixed($0, 2) } ?? "",
                    figure.slotsMoved.map { "at most \($0)" } ?? "all at once",
                ]
            })
    }

    private func measure(_ subject: MapSubjectName, _ progress: MapBenchmark.Progress) -> [Figure] {
        counts.map { count in
            progress("\(subject.title): \(count) entries")
            return switch subject {
            case .strata: measure(StrataMapSubject<UInt64, UInt64>.self, count)
            case .sharded: measure(ShardedDictionarySubject<UInt64, UInt64>.self, count)
            case .mutex: measure(MutexDictionarySubject<UInt64, UInt64>.self, count)
            case .foundation: measure(FoundationCacheSubject<UInt64, UInt64>.self, count)
            case .readWriteLock, .actor: measure(ReadWriteLockDictionarySubject<UInt64, UInt64>.self, count)
            }
        }
    }

    private func measure<S: MapSubject>(_ type: S.Type, _ count: Int) -> Figure
    where S.Key == UInt64, S.Value == UInt64 {
        let keys = (0..<count).map { KeyShape.scattered.key(ofRank: $0) }
        var figure = Figure(
            count: count, time: Samples(), allocations: 0, allocatedBytes: 0, residentBytes: 0, ownBytes: nil)
        for round in 0..<max(rounds, 1) {
            let counter = AllocationCounter()
            let before = ProcessMemory.residentBytes
            let map = type.init()
            let start = Nanoseconds.now()
            insert(map, keys)
            figure.time.add(Double(Nanoseconds.now() - start) / Double(count))
            // Freed memory is used again by later rounds: only the first one's growth is the map's.
            if round == 0 {
                figure.allocations = Double(counter?.count ?? 0) / Double(count)
                figure.allocatedBytes = Double(counter?.byteCount ?? 0) / Double(count)
                figure.residentBytes = Double(max(ProcessMemory.residentBytes - before, 0)) / Double(count)
                figure.ownBytes = map.byteCount.map { Double($0) / Double(count) }
                figure.slotsMoved = map.maximumSlotsMoved
                if let statistics = (map as? StrataMapSubject<UInt64, UInt64>)?.statistics {
                    figure.movedPerEntry = Double(statistics.movedSlotCount) / Double(count)
                }
            }
        }
        return figure
    }

    @inline(never)
    private func insert<S: MapSubject>(_ map: S, _ keys: [S.Key]) {
        for key in keys { map.setValue(S.Value(bits: 1), forKey: key) }
    }
}
