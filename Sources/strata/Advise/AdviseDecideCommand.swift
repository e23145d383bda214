import ArgumentParser
import Foundation
import StrataLab

/// `strata advise decide`.
struct AdviseDecideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "A map in the process, two tiers, or a cluster: which suits a service.",
        discussion: """
            Tell what the service asks for. A map on this machine is measured, and a Redis if its URL is given; what isn't measured or \
            stated in a file is assumed, and marked so. The answer comes with its reasons, the runner-up, and what would change it; \
            --html shows how it depends on the weights. The formulas are in docs/decide.md.

            Counts may end in k, m or g, sizes in k, m or g bytes.

            Examples:

              strata advise decide --reads 49k --writes 1k
              strata advise decide --reads 20k --writes 2k --processes 20 --shared --survives-restart --redis redis://127.0.0.1:6379
              strata advise decide --reads 5k --writes 5k --processes 8 --shared-updates --weights consistency=3 --html decide.html
            """)

    @Option(help: ArgumentHelp("Reads per second, of all processes together.", valueName: "count"))
    var reads = "10k"
    @Option(help: ArgumentHelp("Writes per second, of all processes together.", valueName: "count"))
    var writes = "200"
    @Option(help: ArgumentHelp("How many processes use the data.", valueName: "count"))
    var processes = 1
    @Option(help: ArgumentHelp("Processors of each process.", valueName: "count"))
    var cores = 2.0
    @Option(help: ArgumentHelp("How many entries there are.", valueName: "count"))
    var entries = "1m"
    @Option(help: ArgumentHelp("What an entry takes, key, value and all.", valueName: "bytes"))
    var entryBytes = "200"
    @Option(help: ArgumentHelp("The memory each process can spare for entries.", valueName: "bytes"))
    var memory = "2g"
    @Flag(help: "A write in one process must be seen by the others.")
    var shared = false
    @Option(
        help: ArgumentHelp("How old what others wrote may be read: 0, as in 50ms or 2s, or any.", valueName: "time"))
    var staleness = "1s"
    @Flag(help: "Several processes change the same values: counters, quotas, locks.")
    var sharedUpdates = false
    @Flag(help: "The data must outlive a process.")
    var survivesRestart = false
    @Option(help: ArgumentHelp("The P99 that is wished for, as in 500us or 2ms.", valueName: "time"))
    var latency = "1ms"
    @Flag(help: "A Redis or Valkey is in operation already.")
    var hasRedis = false
    @Option(
        help: ArgumentHelp(
            "The share of reads that hit a map in the process, from 0 to 1, if known.", valueName: "share"))
    var hitRatio: Double?
    @Option(
        help: ArgumentHelp(
            "The share of processor time that maps take at this load, from 0 to 1, if known.", valueName: "share"))
    var cpuShare: Double?
    @Option(help: ArgumentHelp("How much each dimension counts, as in latency=3,cost=0.5.", valueName: "weights"))
    var weights: String?
    @Option(help: ArgumentHelp("A Redis to measure, as in redis://127.0.0.1:6379.", valueName: "url"))
    var redis: String?
    @Option(
        help: ArgumentHelp("A file with figures, as JSON; they are taken instead of measured ones.", valueName: "file"))
    var figures: String?
    @Option(
        help: ArgumentHelp(
            "A file with what a running service answers at /metrics; - for standard input.", valueName: "file"))
    var metrics: String?
    @Option(help: ArgumentHelp("Of those metrics, the cache to look at.", valueName: "name"))
    var cache: String?
    @Flag(help: "Measure nothing: decide by what is stated and assumed.")
    var noMeasuring = false
    @Option(help: ArgumentHelp("Write all figures to a file, as JSON.", valueName: "file"))
    var json: String?
    @Option(help: ArgumentHelp("Write a page with plots to a file.", valueName: "file"))
    var html: String?

    func validate() throws {
        let facts = try stated()
        if let (option, reason) = facts.problem { throw ValidationError("--\(option) \(reason)") }
        _ = try value(of: "weights") { try DecisionWeights(weights ?? "") }
        _ = try redis.map { url in try value(of: "redis") { try RedisAddress(url: url) } }
        guard cache == nil || metrics != nil else {
            throw ValidationError("--cache names one of --metrics, which is missing")
        }
        guard redis == nil || !noMeasuring else {
            throw ValidationError("--redis asks for what --no-measuring forbids")
        }
        do {
            try ReportOutput(jsonPath: json, htmlPath: html).check()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() async throws {
        let progress = ProgressLine()
        let start = Nanoseconds.now()
        var facts = try stated()
        var found = DecisionFigures()
        let signals = try metrics.map { try ServiceSignals(metrics: Self.text(of: $0), cache: cache) }
        if let signals { facts = signals.applied(to: facts) }
        let file = try figures.map { try Self.figures(in: $0) } ?? [:]
        if !noMeasuring {
            let measurement = DecisionMeasurement(facts: facts, redis: try redis.map { try RedisAddress(url: $0) })
            found = try await PinnedThreads.detached {
                var measured = DecisionFigures()
                try measurement.measure(into: &measured) { progress.show($0) }
                return measured
            }
        }
        progress.clear()
        for (name, value) in file.sorted(by: { $0.key < $1.key }) {
            do {
                try found.set(name, to: value)
            } catch {
                throw ValidationError("--figures: \(error)")
            }
        }
        let decision = Decision(facts, found, try DecisionWeights(weights ?? ""))
        let report = decision.report(signals: signals, seconds: Double(Nanoseconds.now() - start) / 1e9)
        print(report.text, terminator: "")
        try ReportOutput(jsonPath: json, htmlPath: html).write(report)
    }

    /// What the options say of the service.
    private func stated() throws -> DecisionFacts {
        var facts = DecisionFacts()
        facts.readsPerSecond = try number(reads, "reads", factor: 1000)
        facts.writesPerSecond = try number(writes, "writes", factor: 1000)
        facts.processes = processes
        facts.coresPerProcess = cores
        facts.entries = try number(entries, "entries", factor: 1000)
        facts.entryBytes = try number(entryBytes, "entry-bytes", factor: 1024)
        facts.memoryPerProcess = try number(memory, "memory", factor: 1024)
        facts.isShared = shared
        facts.allowedStaleness = staleness == "any" ? .infinity : try seconds(staleness, "staleness")
        facts.hasSharedUpdates = sharedUpdates
        facts.survivesRestart = survivesRestart
        facts.latencyTarget = try seconds(latency, "latency") * 1e9
        facts.hasRedis = hasRedis || redis != nil
        facts.measuredHitRatio = hitRatio
        facts.measuredProcessorShare = cpuShare
        return facts
    }

    private func number(_ text: String, _ option: String, factor: Double) throws -> Double {
        guard let value = ScaledNumber.value(text, step: factor) else {
            throw ValidationError("--\(option) must be a number, as in 500, 20k or 1.5m, not '\(text)'")
        }
        return value
    }

    private func seconds(_ text: String, _ option: String) throws -> Double {
        let units: [(String, Double)] = [
            ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1), ("m", 60), ("h", 3600),
        ]
        if text == "0" { return 0 }
        for (unit, factor) in units where text.hasSuffix(unit) {
            if let value = Double(text.dropLast(unit.count)), value.isFinite, value >= 0 { return value * factor }
        }
        throw ValidationError("--\(option) must be a time, as in 500us, 20ms or 2s, not '\(text)'")
    }

    private static func text(of path: String) throws -> String {
        guard path != "-" else {
            return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("--metrics: can't read '\(path)'")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func figures(in path: String) throws -> [String: Double] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("--figures: can't read '\(path)'")
        }
        do {
            return try JSONDecoder().decode([String: Double].self, from: data)
        } catch {
            throw ValidationError("--figures: '\(path)' must be a JSON object of names and numbers: \(error)")
        }
    }
}
