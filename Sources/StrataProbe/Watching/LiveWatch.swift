import CStrataProbe

/// What is known of a program while it runs.
struct LiveWatch {
    private let channel: ProbeChannel
    private let begin: UInt64
    private(set) var chains = GrowthChains()
    private(set) var threads = ThreadSampler()
    private var allocations = 0
    private var at: UInt64

    init(_ channel: ProbeChannel, begin: UInt64) {
        self.channel = channel
        self.begin = begin
        at = begin
    }

    /// Reads growths, and the states of a process's threads if there is one.
    mutating func look(threadsOf process: Int?) {
        let summary = channel.summary
        if let process {
            threads.look(at: summary.pid != 0 ? Int(summary.pid) : process, now: ProbeClock.now())
        }
        if summary.state == STRATA_PROBE_WATCHING.rawValue {
            chains.read(channel, ProbeClock(summary))
        }
    }

    /// What happened since the last line, and which storage is to grow next; `nil` as long as no Swift runtime was found.
    mutating func line() -> String? {
        let summary = channel.summary
        guard summary.state == STRATA_PROBE_WATCHING.rawValue else { return nil }
        let clock = ProbeClock(summary)
        let now = ProbeClock.now()
        let counts = [strata_probe_counts](unsafeUninitializedCapacity: Int(STRATA_PROBE_TYPES)) { buffer, count in
            if let start = buffer.baseAddress {
                strata_probe_read_counts(channel.pointer, start)
                count = Int(STRATA_PROBE_TYPES)
            }
        }
        let total = counts.reduce(0) { $0 + Int($1.allocations) }
        let held = counts.reduce(0) { $0 + max(0, Int($1.storage_bytes)) }
        let rate = Double(total - allocations) / max(0.001, Double(now - at) / 1e9)
        allocations = total
        at = now
        var parts = [
            "\(ReportFigures.time(Double(now - begin)))",
            "\(ReportFigures.count(total)) allocations (\(ReportFigures.count(Int(rate)))/s)",
            "\(ReportFigures.bytes(held)) in dictionaries, sets and arrays",
        ]
        // The largest of those that are still growing.
        let seconds = clock.seconds(at: strata_probe_ticks())
        let growing = chains.largest(20).first { chain in
            chain.nextGrowth(at: seconds).map { $0 - seconds < 3600 } ?? false
        }
        if let growing, let last = growing.moments.last, let due = growing.nextGrowth(at: seconds) {
            let name = channel.typeName(Int(growing.type)).shortened
            parts.append(
                "\(name) grew to \(ReportFigures.count(last.newCapacity)) (\(ReportFigures.bytes(growing.bytes))) in "
                    + "\(ReportFigures.time(last.nanoseconds)), next in about \(ReportFigures.time((due - seconds) * 1e9))"
            )
        }
        return parts.joined(separator: ", ")
    }
}
