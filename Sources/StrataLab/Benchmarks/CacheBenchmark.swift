import Foundation
import Synchronization

/// `strata bench cache`: look a key up, put what is missing; time and hit ratio beside others.
package struct CacheBenchmark: Sendable {
    /// What a started process measures.
    package struct Task: Codable, Sendable {
        /// Who.
        package var subject = CacheSubjectName.strata
        /// How many entries the cache may hold.
        package var capacity = 100_000
        /// How many keys there are.
        package var keyCount = 1_000_000
        /// The name of the ``Distribution``.
        package var distribution = "zipf:0.99"
        /// How many threads there are beside one.
        package var threads = min(PinnedThreads.processors.count, 2)
        /// How many operations each thread does in each round.
        package var operationCount = 1 << 20
        /// How many rounds are measured.
        package var rounds = 3

        /// The usual work.
        package init() {}

        /// Rounds that only fill the cache: what is asked for first has never been asked for before.
        static let warmUpCount = 3
        /// The operations of all rounds of one thread; no round repeats those of another, or the cache would know them by heart.
        var sequenceLength: Int { operationCount * (rounds + Self.warmUpCount) }
    }

    /// What it found: one element for one thread and one for several.
    private struct Result: Codable {
        var times: [[Double]] = []
        var hitRatios: [Double] = []
    }

    /// Who is measured.
    package var subjects = CacheSubjectName.allCases
    /// What each does.
    package var task = Task()
    /// How often each is started.
    package var launches = 5
    /// How often NSCache is started, which takes long and is far behind.
    package var slowLaunches = 5
    /// Whether Caffeine is measured too.
    package var includesPeers = false

    /// The usual benchmark.
    package init() {}

    private var threadCounts: [Int] { task.threads > 1 ? [1, task.threads] : [1] }

    /// Runs the benchmark.
    ///
    /// - Parameter progress: Told what is being done.
    /// - Returns: What was found.
    /// - Throws: What makes the benchmark impossible.
    package func run(progress: MapBenchmark.Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        let workload = try Self.workload(task)
        var times: [String: [Samples]] = [:]
        var ratios: [String: [Samples]] = [:]
        var order = subjects.map(\.title)
        let programs = try preparePeers(workload, progress)
        func add(_ title: String, _ index: Int, _ time: Double, _ ratio: Double) {
            times[title, default: threadCounts.map { _ in Samples() }][index].add(time)
            ratios[title, default: threadCounts.map { _ in Samples() }][index].add(ratio)
        }
        for launch in 0..<launches {
            for offset in subjects.indices {
                let subject = subjects[(offset + launch) % subjects.count]
                guard launch < slowLaunches || subject != .foundation else { continue }
                progress("launch \(launch + 1) of \(launches): \(subject.title)")
                let result = try Self.launch(task, subject)
                for index in threadCounts.indices {
                    add(subject.title, index, Samples(result.times[index]).median, result.hitRatios[index])
                }
            }
            for line in try programs?.run(rounds: task.rounds, progress) ?? [] {
                guard let index = threadCounts.firstIndex(where: { line.row == "cache-\($0)" }) else { continue }
                if !order.contains(line.subject) { order.append(line.subject) }
                add(line.subject, index, Samples(line.ns).median, line.hitRatio ?? 0)
            }
        }
        var report = LabReport(
            title: "Cache beside others",
            summary:
                "Capacity \(Figures.grouped(task.capacity)), \(Figures.grouped(workload.keyCount)) keys, \(workload.distribution.text): look a key up, put it "
                + "if it is missing; medians over \(Figures.counted(launches, "launch", "launches")) taken in turns.",
            machine: .current())
        var section = LabReport.Section(title: "Get or put", note: "Lower is better for times, higher for hit ratios.")
        let base = order[0]
        let titles = threadCounts.map { "\($0) thread\($0 == 1 ? "" : "s")" }
        section.bars = [
            BarChart(
                title: "Time per operation", unit: "ns per operation", base: base,
                groups: titles.indices.map { index in
                    .init(
                        title: titles[index],
                        bars: order.compactMap { name in times[name].map { .init(subject: name, samples: $0[index]) } })
                })
        ]
        section.tables = [
            FigureTable(
                title: "Hit ratio", columns: [""] + titles,
                rows: order.compactMap { name in
                    ratios[name].map { [name] + $0.map { Figures.fixed($0.median * 100, 2) + " %" } }
                })
        ]
        report.sections = [section]
        for (name, samples) in times {
            for (index, count) in threadCounts.enumerated() {
                report.figures["cache-\(count)/\(name)/ns"] = samples[index]
                report.figures["cache-\(count)/\(name)/hit ratio"] = ratios[name]?[index]
            }
        }
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private static func workload(_ task: Task) throws -> Workload {
        let distribution = try Distribution(task.distribution)
        return Workload(keyCount: distribution.keyCount ?? task.keyCount, distribution: distribution)
    }

    private func preparePeers(_ workload: Workload, _ progress: MapBenchmark.Progress) throws -> PeerPrograms? {
        guard includesPeers else { return nil }
        let programs = try PeerPrograms([.caffeine], progress)
        for count in threadCounts {
            let sequences = (0..<count).map { workload.sequence(count: task.sequenceLength, seed: 1, stream: $0) }
            try programs.addRow("cache", name: "cache-\(count)", kind: "\(task.capacity)", sequences) {
                workload.shape.key(ofRank: $0)
            }
        }
        return programs
    }

    // MARK: In the started process

    private static func launch(_ task: Task, _ subject: CacheSubjectName) throws -> Result {
        var task = task
        task.subject = subject
        return try Subprocess.measure(task, with: "cache", of: subject.title)
    }

    /// Does what a started process was sent, as text in and out.
    ///
    /// - Parameter text: The task.
    /// - Returns: The result.
    /// - Throws: What is wrong with the task.
    package static func answer(to text: String) async throws -> String {
        let task = try JSONDecoder().decode(Task.self, from: Data(text.utf8))
        let result = try await PinnedThreads.detached {
            switch task.subject {
            case .strata: try measure(StrataCacheSubject.self, task)
            case .lru: try measure(LeastRecentlyUsedSubject.self, task)
            case .foundation: try measure(FoundationBoundedSubject.self, task)
            }
        }
        return String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
    }

    private static func measure<S: CacheSubject>(_ type: S.Type, _ task: Task) throws -> Result {
        let workload = try workload(task)
        var result = Result()
        for threads in task.threads > 1 ? [1, task.threads] : [1] {
            let sequences = (0..<threads).map {
                KeySequence<UInt64>(workload, count: task.sequenceLength, seed: 1, stream: $0).keys
            }
            let cache = type.init(capacity: task.capacity)
            var times: [Double] = []
            var hits = 0
            for round in -Task.warmUpCount..<task.rounds {
                let found = Mutex(0)
                let start = (round + Task.warmUpCount) * task.operationCount
                let range = start..<start + task.operationCount
                let elapsed = PinnedThreads.run(threads) { thread in
                    let count = run(cache, sequences[thread], range)
                    found.withLock { $0 += count }
                }
                guard round >= 0 else { continue }
                times.append(Double(elapsed.max() ?? 0) / Double(task.operationCount))
                hits += found.withLock { $0 }
            }
            result.times.append(times)
            result.hitRatios.append(Double(hits) / Double(task.operationCount * threads * task.rounds))
        }
        return result
    }

    @inline(never)
    private static func run<S: CacheSubject>(_ cache: S, _ keys: [UInt64], _ range: Range<Int>) -> Int {
        var hits = 0
        for index in range where cache.getOrPut(keys[index]) { hits += 1 }
        return hits
    }
}
