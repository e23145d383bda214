import Strata
import Synchronization

/// `strata bench store`: reads and writes of `HashStore` in process, beside a dictionary of dictionaries behind a lock.
package struct StoreBenchmark: Sendable {
    /// How many keys there are.
    package var keyCount = 200_000
    /// How many operations each thread does in each round.
    package var operationCount = 200_000
    /// How many rounds are measured, in turns.
    package var rounds = 5
    /// How many threads there are beside one.
    package var threads = min(PinnedThreads.processors.count, 2)

    /// The usual size.
    package init() {}

    private static let fieldNames = ["name", "email", "age", "city", "visits"]
    private static let base = "HashStore"
    private static let rival = "Dictionary of dictionaries + Mutex"

    /// What both sides do.
    private enum Work: String, CaseIterable {
        case readField = "read one of five fields"
        case readAll = "read all five fields"
        case readString = "read a string of 100 bytes"
        case writeField = "set one of five fields"
        case writeString = "set a string of 100 bytes"
    }

    /// The two sides, filled.
    private final class Sides: Sendable {
        let store = HashStore()
        let hashes = Mutex<[String: [String: [UInt8]]]>([:])
        let strings = Mutex<[String: [UInt8]]>([:])
        let hashKeys: [String]
        let stringKeys: [String]
        let text = [UInt8](repeating: UInt8(ascii: "t"), count: 100)
        let value = Array("some value".utf8)

        init(keyCount: Int) throws {
            hashKeys = (0..<keyCount).map { "user:\($0)" }
            stringKeys = (0..<keyCount).map { "page:\($0)" }
            for index in 0..<keyCount {
                for field in StoreBenchmark.fieldNames { try store.setField(hashKeys[index], field, to: value) }
                try store.setString(stringKeys[index], to: text)
                let fields = Dictionary(uniqueKeysWithValues: StoreBenchmark.fieldNames.map { ($0, value) })
                hashes.withLock { $0[hashKeys[index]] = fields }
                strings.withLock { $0[stringKeys[index]] = text }
            }
        }
    }

    /// Runs the benchmark.
    ///
    /// - Throws: What the store throws when memory is short.
    package func run(progress: MapBenchmark.Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        progress("putting \(keyCount) hashes and as many strings in")
        let sides = try Sides(keyCount: keyCount)
        var samples: [String: [String: Samples]] = [:]
        let counts = threads > 1 ? [1, threads] : [1]
        let titles = Work.allCases.flatMap { work in
            counts.map { ("\(work.rawValue), \($0) thread\($0 == 1 ? "" : "s")", work, $0) }
        }
        for round in -1..<rounds {
            progress(round < 0 ? "warming up" : "round \(round + 1) of \(rounds)")
            for (title, work, count) in titles {
                for side in round % 2 == 0 ? [Self.base, Self.rival] : [Self.rival, Self.base] {
                    let time = measure(sides, work, side == Self.base, threads: count, seed: UInt64(round + 2))
                    if round >= 0 { samples[title, default: [:]][side, default: Samples()].add(time) }
                }
            }
        }
        var report = LabReport(
            title: "HashStore in process",
            summary:
                "\(Figures.grouped(keyCount)) hashes of five fields and as many strings; keys uniform; nanoseconds per operation as one thread "
                + "sees them, medians of \(rounds) rounds in turns.",
            machine: .current())
        var section = LabReport.Section(
            title: "Operations", note: "Lower is better. Values are copied out, as arrays of bytes.")
        let groups = titles.map { title, _, _ in
            BarChart.Group(
                title: title,
                bars: [Self.base, Self.rival].compactMap { side in
                    samples[title]?[side].map { .init(subject: side, samples: $0) }
                })
        }
        section.bars = [
            BarChart(title: "Time per operation", unit: "ns per operation", base: Self.base, groups: groups)
        ]
        report.sections = [section]
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private func measure(_ sides: Sides, _ work: Work, _ isStore: Bool, threads: Int, seed: UInt64) -> Double {
        let workload = Workload(keyCount: keyCount)
        let sequences = (0..<threads).map { workload.sequence(count: operationCount, seed: seed, stream: $0).ranks }
        let times = PinnedThreads.run(threads) { thread in
            for rank in sequences[thread] {
                if isStore { onStore(sides, work, rank) } else { onDictionary(sides, work, rank) }
            }
        }
        return Double(times.max() ?? 0) / Double(operationCount)
    }

    @inline(__always)
    private func onStore(_ sides: Sides, _ work: Work, _ rank: Int) {
        let field = Self.fieldNames[rank % 5]
        switch work {
        case .readField: blackHole(UInt64(sides.store[sides.hashKeys[rank], field]?.count ?? 0))
        case .readAll:
            blackHole(UInt64(sides.store.values(sides.hashKeys[rank], Self.fieldNames).count))
        case .readString: blackHole(UInt64(sides.store.string(sides.stringKeys[rank])?.count ?? 0))
        case .writeField: _ = try? sides.store.setField(sides.hashKeys[rank], field, to: sides.value)
        case .writeString: try? sides.store.setString(sides.stringKeys[rank], to: sides.text)
        }
    }

    @inline(__always)
    private func onDictionary(_ sides: Sides, _ work: Work, _ rank: Int) {
        let field = Self.fieldNames[rank % 5]
        switch work {
        case .readField: blackHole(UInt64(sides.hashes.withLock { $0[sides.hashKeys[rank]]?[field] }?.count ?? 0))
        case .readAll:
            let values = sides.hashes.withLock { hashes in
                let hash = hashes[sides.hashKeys[rank]]
                return Self.fieldNames.map { hash?[$0] }
            }
            blackHole(UInt64(values.count))
        case .readString: blackHole(UInt64(sides.strings.withLock { $0[sides.stringKeys[rank]] }?.count ?? 0))
        case .writeField: sides.hashes.withLock { $0[sides.hashKeys[rank], default: [:]][field] = sides.value }
        case .writeString: sides.strings.withLock { $0[sides.stringKeys[rank]] = sides.text }
        }
    }
}
