import Foundation

/// How good one architecture is for a service, in four dimensions, each from 0 to 1.
///
/// | dimension | formula |
/// |---|---|
/// | throughput | `min(1, capacity / (2 · demand))`: twice what is asked for is as good as any |
/// | latency | `target / (target + P99)`: 1/2 where the target is just met |
/// | consistency | `allowed / (allowed + offered)` of the ages of what is read; 1 where nothing old is read |
/// | cost | `scale / (scale + cost)`, with memory, servers and upkeep in units that only compare |
///
/// The capacity is what the processors can do in the share of their time that keeping data may take, and no more than what servers can do.
/// P99 is that of the mix of operations in the process and round trips: with a share `s` of round trips it is their quantile `1 − 0.01 / s`,
/// of a log-normal distribution through their median and 99th percentile.
package struct Scorecard: Codable, Sendable, Equatable {
    /// What is judged.
    package let architecture: Architecture
    /// The scores.
    package private(set) var scores: [DecisionDimension: Double] = [:]
    /// Operations per second that it can do.
    package private(set) var capacity = 0.0
    /// The 99th percentile, in nanoseconds.
    package private(set) var latency = 0.0
    /// The age of what may be read, in seconds.
    package private(set) var staleness = 0.0
    /// What it costs, in units that only compare.
    package private(set) var cost = 0.0
    /// How many servers it takes, replicas not counted.
    package private(set) var servers = 0
    /// Why it can't be used at all; empty if it can.
    package private(set) var obstacles: [String] = []

    /// Judges an architecture.
    package init(_ architecture: Architecture, _ facts: DecisionFacts, _ figures: DecisionFigures) {
        self.architecture = architecture
        judgeThroughput(facts, figures)
        judgeLatency(facts, figures)
        judgeConsistency(facts, figures)
        judgeCost(facts, figures)
        findObstacles(facts)
    }

    /// All scores together.
    package func total(_ weights: DecisionWeights) -> Double {
        DecisionDimension.allCases.reduce(0) { $0 + (scores[$1] ?? 0) * weights.share(of: $1) }
    }

    // MARK: The four dimensions

    /// The share of operations that are round trips.
    private func remoteShare(_ facts: DecisionFacts) -> Double {
        switch architecture {
        case .local: 0
        case .cluster: 1
        case .tiered:
            (facts.readsPerSecond * (1 - tieredHitRatio(facts)) + facts.writesPerSecond) / facts.demand
        }
    }

    /// Where nothing old may be read, reads of shared data go to the server.
    private func tieredHitRatio(_ facts: DecisionFacts) -> Double {
        facts.needsCoherence && facts.allowedStaleness == 0 ? 0 : facts.hitRatio
    }

    private mutating func judgeThroughput(_ facts: DecisionFacts, _ figures: DecisionFigures) {
        let remote = remoteShare(facts)
        let reads = facts.readsPerSecond / facts.demand
        var local = reads * figures.localReadNanoseconds + (1 - reads) * figures.localWriteNanoseconds
        if let share = facts.measuredProcessorShare, share > 0 {
            // What was measured of this service beats what was measured of a map.
            local = share * Double(facts.processes) * facts.coresPerProcess / facts.demand * 1e9
        }
        let time = (architecture == .cluster ? 0 : local) + remote * figures.remoteCallNanoseconds
        let processors = Double(facts.processes) * facts.coresPerProcess * figures.processorBudget
        capacity = processors / max(time, 1) * 1e9
        if architecture != .local {
            let load = facts.demand * remote / (figures.serverOperationsPerSecond * figures.serverBudget)
            let space = facts.dataBytes / (figures.serverMemoryBytes * figures.serverBudget)
            servers = Int(max(load, space, 1).rounded(.up))
            let possible = Double(servers) * figures.serverOperationsPerSecond * figures.serverBudget
            if remote > 0 { capacity = min(capacity, possible / remote) }
        }
        scores[.throughput] = min(1, capacity / (2 * facts.demand))
    }

    private mutating func judgeLatency(_ facts: DecisionFacts, _ figures: DecisionFigures) {
        let share = remoteShare(facts)
        latency = figures.localP99Nanoseconds
        if share > 0.01 {
            let deviation = log(max(figures.remoteP99Nanoseconds / figures.remoteP50Nanoseconds, 1)) / 2.3263
            let trip = figures.remoteP50Nanoseconds * exp(deviation * Self.normalQuantile(1 - 0.01 / share))
            latency = max(trip, latency)
        }
        scores[.latency] = facts.latencyTarget / (facts.latencyTarget + latency)
    }

    private mutating func judgeConsistency(_ facts: DecisionFacts, _ figures: DecisionFigures) {
        guard facts.needsCoherence else {
            scores[.consistency] = 1
            return
        }
        switch architecture {
        case .local: staleness = .infinity
        case .tiered: staleness = facts.allowedStaleness == 0 ? 0 : figures.invalidationLag
        case .cluster: staleness = 0
        }
        scores[.consistency] =
            staleness == 0
            ? 1
            : staleness == .infinity
                ? (facts.allowedStaleness == .infinity ? 0.5 : 0)
                : facts.allowedStaleness == .infinity
                    ? 1 : facts.allowedStaleness / (facts.allowedStaleness + staleness)
    }

    private mutating func judgeCost(_ facts: DecisionFacts, _ figures: DecisionFigures) {
        let gigabyte = 1_073_741_824.0
        var memory = 0.0
        if architecture != .cluster {
            memory += Double(facts.processes) * min(facts.dataBytes, facts.memoryPerProcess) / gigabyte
        }
        if architecture != .local { memory += facts.dataBytes * figures.copies / gigabyte }
        cost = memory * figures.costPerGigabyte
        if servers > 0 {
            cost += Double(servers) * figures.copies * figures.costPerServer
            if !facts.hasRedis { cost += figures.costOfFirstServer }
        }
        if architecture == .tiered { cost += figures.costOfCoherence }
        scores[.cost] = figures.costScale / (figures.costScale + cost)
    }

    private mutating func findObstacles(_ facts: DecisionFacts) {
        if capacity < facts.demand {
            obstacles.append(
                "it can do \(Figures.short(capacity)) of \(Figures.short(facts.demand)) operations per second")
        }
        guard architecture == .local else { return }
        if facts.survivesRestart { obstacles.append("the data is gone when a process ends") }
        if facts.processes > 1, facts.hasSharedUpdates {
            obstacles.append("\(facts.processes) processes change the same values, and each would have its own")
        } else if facts.processes > 1, facts.isShared, facts.allowedStaleness < .infinity {
            obstacles.append("a write in one of \(facts.processes) processes never reaches the others")
        }
        if facts.dataBytes > facts.memoryPerProcess, facts.isShared || facts.survivesRestart {
            obstacles.append(
                "\(Figures.bytes(facts.dataBytes)) don't fit into the \(Figures.bytes(facts.memoryPerProcess)) that a process can spare"
            )
        }
    }

    /// The quantile of the normal distribution with mean 0 and deviation 1.
    ///
    /// By bisection: the error function is what the C library has.
    static func normalQuantile(_ probability: Double) -> Double {
        guard probability > 0 else { return -8 }
        var low = -8.0
        var high = 8.0
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if erfc(-middle / 2.0.squareRoot()) / 2 < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
