/// `strata bench map`: the map beside what else one could use, in one run.
package struct MapBenchmark: Sendable {
    /// The subjects, the first of which the others are compared with.
    package var subjects = MapSubjectName.allCases
    /// The rows.
    package var rows: [MapRow]
    /// Parts of the benchmark beside the rows.
    package var includesGrowth = true
    /// Whether paced insertions are measured.
    package var includesPaced = true
    /// How often each subject is started.
    package var launches = 5
    /// How often those are started that take long and are far behind: the actor and NSCache.
    package var slowLaunches = 5
    /// How often growth and paced load are measured; they take their time, and two tell the machine's moods from the map's.
    package var growthLaunches = 2
    /// What each started process does.
    package var task = MapChild.Task(.strata)
    /// How far maps grow.
    package var growthCount = 4_000_000
    /// The paced load.
    package var paced = MapChild.Paced(rate: 100_000, seconds: 10, threads: 1)
    /// Maps in other languages; empty for none.
    package var peers: [PeerSubject] = []
    /// How often those are started.
    package var peerLaunches = 5
    /// How many operations each of their threads does in each round.
    package var peerOperationCount = 500_000
    /// A Redis to compare with; `nil` for none.
    package var redis: RedisAddress?

    /// A benchmark with the standard rows.
    ///
    /// - Parameter threads: The number of threads beside one.
    package init(threads: Int = min(PinnedThreads.processors.count, 2)) {
        rows = MapRow.standard(threads: threads)
    }

    /// What is told while the benchmark runs.
    package typealias Progress = @Sendable (_ line: String) -> Void

    /// Everything that the launches of one subject found.
    struct Collected {
        var title: String
        var rows: [String: Samples] = [:]
        var resident = Samples()
        var own = Samples()
        var growth: [GrowthMeasurement.Result] = []
        var paced: [PacedMeasurement.Result] = []

        mutating func add(_ result: MapChild.Result) {
            for (name, rounds) in result.rows { rows[name, default: Samples()].add(Samples(rounds).median) }
            if let growth = result.growth { self.growth.append(growth) }
            if let paced = result.paced { self.paced.append(paced) }
        }
    }

    /// Runs the benchmark.
    ///
    /// - Parameter progress: Told what is being done.
    /// - Returns: What was found.
    /// - Throws: What makes the benchmark impossible; a peer that isn't there is only told.
    package func run(progress: Progress) throws -> LabReport {
        let start = Nanoseconds.now()
        let machine = MachineDescription.current()
        for row in rows { _ = try row.workload(keyCount: task.keyCount) }
        // Before an hour has passed, and not after it.
        if let redis { _ = try RedisConnection(redis) }
        var collected = subjects.map { Collected(title: $0.title) }
        let programs = try preparePeers(progress)
        for launch in 0..<launches {
            try measureSubjects(launch, &collected, progress)
            if let programs, launch < peerLaunches { try measurePeers(programs, &collected, progress) }
        }
        if let redis { collected.append(try measureRedis(redis, progress)) }
        var report = LabReport(
            title: "ConcurrentMap beside others",
            summary:
                "\(Figures.grouped(task.keyCount)) entries; medians over \(Figures.counted(launches, "launch", "launches")) of each subject, taken in turns; "
                + "nanoseconds per operation as one thread sees them.",
            machine: machine)
        let content = MapReport(self, collected)
        report.sections = content.sections
        report.figures = content.figures
        report.seconds = Double(Nanoseconds.now() - start) / 1e9
        return report
    }

    private func measureSubjects(_ launch: Int, _ collected: inout [Collected], _ progress: Progress) throws {
        let families = Dictionary(grouping: rows, by: \.family).sorted { $0.key < $1.key }.map(\.value)
        for offset in subjects.indices {
            // Another one begins each time, so that no one always comes after the same neighbour.
            let index = (offset + launch) % subjects.count
            let isSlow = subjects[index] == .actor || subjects[index] == .foundation
            guard launch < slowLaunches || !isSlow else { continue }
            // Those whose time hardly depends on the keys are spared the keys with a pattern.
            for family in families where !isSlow || family[0].shape == .scattered {
                progress("launch \(launch + 1) of \(launches): \(subjects[index].title), \(family[0].family)")
                var task = self.task
                task.subject = subjects[index]
                task.rows = family
                let result = try MapChild.launch(task)
                collected[index].add(result)
                if family[0].family == "integers-scattered" {
                    if let bytes = result.residentBytesPerEntry { collected[index].resident.add(bytes) }
                    if let bytes = result.ownBytesPerEntry { collected[index].own.add(bytes) }
                }
            }
            guard subjects[index] != .actor else { continue }
            if launch < growthLaunches { try measureGrowth(subjects[index], launch, &collected[index], progress) }
        }
    }

    private func measureGrowth(
        _ subject: MapSubjectName, _ launch: Int, _ collected: inout Collected, _ progress: Progress
    ) throws {
        if includesGrowth {
            progress("launch \(launch + 1): \(subject.title), growth to \(growthCount)")
            var task = MapChild.Task(subject)
            task.growthCount = growthCount
            task.seed = UInt64(launch + 1)
            collected.add(try MapChild.launch(task))
        }
        if includesPaced, subject != .foundation {
            progress("launch \(launch + 1): \(subject.title), paced writes")
            var task = MapChild.Task(subject)
            task.paced = paced
            collected.add(try MapChild.launch(task))
        }
    }
}
