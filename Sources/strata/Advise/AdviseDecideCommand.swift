import ArgumentParser
import Foundation
import StrataLab
import StrataServer

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
              strata advise decide --metrics http://127.0.0.1:8080/metrics
            """)

    @Option(help: ArgumentHelp("Reads per second, of all processes together. (default: 10k)", valueName: "count"))
    var reads: String?
    @Option(help: ArgumentHelp("Writes per second, of all processes together. (default: 200)", valueName: "count"))
    var writes: String?
    @Option(help: ArgumentHelp("How many processes use the data. (default: 1)", valueName: "count"))
    var processes: Int?
    @Option(help: ArgumentHelp("Processors of each process. (default: 2)", valueName: "count"))
    var cores: Double?
    @Option(help: ArgumentHelp("How many entries there are. (default: 1m)", valueName: "count"))
    var entries: String?
    @Option(help: ArgumentHelp("What an entry takes, key, value and all. (default: 200)", valueName: "bytes"))
    var entryBytes: String?
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
    @Option(
        help: ArgumentHelp(
            "A Redis or Valkey to measure, as in redis://:password@127.0.0.1:6379. For some seconds 10000 keys 'strata-lab:…' are written there, read, and removed.",
            valueName: "url"))
    var redis: String?
    @Option(
        help: ArgumentHelp("A file with figures, as JSON; they are taken instead of measured ones.", valueName: "file"))
    var figures: String?
    @Option(
        help: ArgumentHelp(
            "A running service, as in http://127.0.0.1:8080/metrics, or a file with what it answers there; - for standard input. What it says of reads, writes, entries, hits and processors is taken where no option states it.",
            valueName: "url or file"))
    var metrics: String?
    @Option(
        help: ArgumentHelp(
            "Seconds between two readings of --metrics with a URL, for rates; 0 for one reading.", valueName: "seconds")
    )
    var metricsInterval = 5.0
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
        guard metricsInterval.isFinite, (0...3600).contains(metricsInterval) else {
            throw ValidationError("--metrics-interval must be from 0 to 3600 seconds, not \(metricsInterval)")
        }
        if let metrics, ServiceMetrics.isURL(metrics) {
            do throws(HTTPGet.Failure) {
                _ = try ServiceMetrics.question(metrics)
            } catch {
                throw ValidationError("--metrics: \(error)")
            }
        }
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
        let signals = try await readSignals(progress)
        if let signals {
            facts = signals.applied(to: facts, stated: statedOptions)
            if let (option, reason) = facts.problem { throw ValidationError("--metrics: \(option) \(reason)") }
        }
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

    /// What a running service says; `nil` if none was named.
    private func readSignals(_ progress: ProgressLine) async throws -> ServiceSignals? {
        guard let metrics else { return nil }
        do {
            return try await ServiceMetrics(source: metrics, interval: metricsInterval, cache: cache)
                .signals { progress.show($0) }
        } catch {
            progress.clear()
            throw ValidationError("--metrics: \(error)")
        }
    }

    /// The options that were given of those that a running service tells as well.
    private var statedOptions: Set<String> {
        let given: [(String, Bool)] = [
            ("reads", reads != nil), ("writes", writes != nil), ("processes", processes != nil),
            ("cores", cores != nil), ("entries", entries != nil), ("entry-bytes", entryBytes != nil),
            ("hit-ratio", hitRatio != nil), ("cpu-share", cpuShare != nil),
        ]
        return Set(given.filter(\.1).map(\.0))
    }

    /// What the options say of the service.
    private func stated() throws -> DecisionFacts {
        var facts = DecisionFacts()
        if let reads { facts.readsPerSecond = try number(reads, "reads", factor: 1000) }
        if let writes { facts.writesPerSecond = try number(writes, "writes", factor: 1000) }
        if let processes { facts.processes = processes }
        if let cores { facts.coresPerProcess = cores }
        if let entries { facts.entries = try number(entries, "entries", factor: 1000) }
        if let entryBytes { facts.entryBytes = try number(entryBytes, "entry-bytes", factor: 1024) }
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

    private static func figures(in path: String) throws -> [String: Double] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("--figures: can't read '\(path)'")
        }
        let stated: [String: StatedFigure]
        do {
            stated = try JSONDecoder().decode([String: StatedFigure].self, from: data)
        } catch {
            throw ValidationError("--figures: '\(path)' must be a JSON object of names and numbers")
        }
        var figures: [String: Double] = [:]
        for (name, figure) in stated.sorted(by: { $0.key < $1.key }) {
            guard let value = figure.value else { throw ValidationError("--figures: '\(name)' must be a number") }
            figures[name] = value
        }
        return figures
    }
}

/// What a file says of a figure; anything, so that the name of what isn't a number can be said.
private struct StatedFigure: Decodable {
    /// The figure; `nil` if it isn't a number.
    let value: Double?

    init(from decoder: any Decoder) throws {
        value = try? decoder.singleValueContainer().decode(Double.self)
    }
}
