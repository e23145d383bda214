import Synchronization

/// `strata bench knee`: how much a map bears before its tail rises.
package struct KneeBenchmark: Sendable {
    /// Who is loaded.
    package var subjects: [MapSubjectName] = [.strata, .sharded, .readWriteLock]
    /// What is asked.
    package var workload = Workload(keyCount: 1_000_000, distribution: .zipf(theta: 0.99), mix: .mostlyReads)
    /// How many threads share the load.
    package var threads = min(PinnedThreads.processors.count, 2)
    /// How long each rate lasts.
    package var seconds = 1.0
    /// How rates are tried.
    package var finder = KneeFinder()

    /// The usual load.
    package init() {}

    /// Runs the benchmark.
    package func run(progress: MapBenchmark.Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        var report = LabReport(
            title: "Where the tail rises",
            summary:
                "\(Figures.grouped(workload.keyCount)) entries, \(workload.distribution.text), \(workload.mix.text) reads/updates, "
                + "\(threads) thread\(threads == 1 ? "" : "s"); the rate is raised until P99 is three times that of the flat part.",
            machine: .current())
        var section = LabReport.Section(
            title: "Knee",
            note: "P99 counts from when operations were due and leaves out what the machine did to the waiting loop.")
        var table = FigureTable(columns: ["", "flat P99", "highest flat rate/s", "beyond at", "P99 there", "cause"])
        var chart = LineChart(
            title: "P99 by rate", x: .init("operations per second", .logarithmic),
            y: .init("P99", .logarithmic, .nanoseconds))
        for subject in subjects {
            let result = find(subject, progress)
            table.rows.append([
                subject.title, Figures.duration(result.baseline), Figures.short(result.flat.rate),
                result.beyond.map { Figures.short($0.rate) } ?? "–",
                result.beyond.map { Figures.duration($0.latency) } ?? "–", result.cause,
            ])
            chart.series.append(
                .init(name: subject.title, x: result.points.map(\.rate), y: result.points.map { max($0.latency, 1) }))
        }
        section.tables = [table]
        section.lines = [chart]
        report.sections = [section]
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private func find(_ subject: MapSubjectName, _ progress: MapBenchmark.Progress) -> KneeFinder.Result {
        switch subject {
        case .strata: find(StrataMapSubject<UInt64, UInt64>(), progress)
        case .sharded: find(ShardedDictionarySubject<UInt64, UInt64>(), progress)
        case .mutex: find(MutexDictionarySubject<UInt64, UInt64>(), progress)
        case .foundation: find(FoundationCacheSubject<UInt64, UInt64>(), progress)
        case .readWriteLock, .actor: find(ReadWriteLockDictionarySubject<UInt64, UInt64>(), progress)
        }
    }

    private func find<S: MapSubject>(_ map: S, _ progress: MapBenchmark.Progress) -> KneeFinder.Result {
        progress("\(S.title): filling")
        map.fill(workload)
        let sequences = (0..<threads).map {
            KeySequence<S.Key>(workload, count: 1 << 20, seed: 1, stream: $0)
        }
        return finder.find { rate in
            progress("\(S.title): \(Figures.short(rate)) operations per second")
            return probe(map, sequences, rate)
        }
    }

    private func probe<S: MapSubject>(_ map: S, _ sequences: [KeySequence<S.Key>], _ rate: Double) -> KneeFinder.Point {
        let perThread = rate / Double(threads)
        let load = PacedLoad(rate: perThread, operationCount: max(Int(perThread * seconds), 1_000))
        let total = Mutex(PacedLoad.Result())
        PinnedThreads.run(threads) { thread in
            let result = run(map, sequences[thread], load)
            total.withLock { $0.add(result) }
        }
        let result = PacedMeasurement.Result(total.withLock { $0 }, threads: threads)
        return KneeFinder.Point(
            rate: rate, reached: result.rate, latency: Double(result.ownLatencies["P99"]),
            rawLatency: Double(result.latencies["P99"]), service: Double(result.services["P99"]),
            busyShare: result.busyShare)
    }

    @inline(never)
    private func run<S: MapSubject>(_ map: S, _ sequence: KeySequence<S.Key>, _ load: PacedLoad) -> PacedLoad.Result {
        var clock = MachineClock()
        let mask = sequence.keys.count - 1
        let isReadOnly = sequence.kinds.isEmpty
        var sum: UInt64 = 0
        let result = load.run(clock: &clock) { index, _ in
            let place = index & mask
            if isReadOnly || sequence.kinds[place] == .read {
                sum &+= map.value(forKey: sequence.keys[place])?.checksum ?? 0
            } else {
                map.setValue(S.Value(bits: UInt64(truncatingIfNeeded: index)), forKey: sequence.keys[place])
            }
        }
        blackHole(sum)
        return result
    }
}
