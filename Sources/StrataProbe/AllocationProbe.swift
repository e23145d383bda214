import CStrataProbe

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Watches the allocations of this process: every object by type, and every growth of an ordinary dictionary, set or array.
///
///     let probe = try AllocationProbe.start()
///     …
///     print(probe.report().text)
///
/// For that it leads two functions of the Swift runtime through functions of its own, for good: there is no way back. What a call costs then is in
/// docs/watching.md. A program that isn't to be changed at all is watched by `strata watch` instead.
///
/// Call it before other threads are started: a thread that is just entering one of the two functions while it is changed may crash.
public final class AllocationProbe: Sendable {
    /// Why the process can't be watched.
    public struct StartError: Error, CustomStringConvertible, Equatable {
        /// What is in the way.
        public let description: String
    }

    private let channel: ProbeChannel
    private let interval: Int
    private let begin: UInt64

    private init(_ channel: ProbeChannel, _ interval: Int) {
        self.channel = channel
        self.interval = interval
        begin = ProbeClock.now()
    }

    private static let started = StartOnce()

    /// Begins to watch this process, or goes on if it is being watched already; then the parameters say nothing.
    ///
    /// - Parameters:
    ///   - samplingInterval: One allocation in so many is timed and followed to its end; 0 for none, at most 1 million.
    ///   - backtraces: Whether to note where storages and sampled objects are allocated.
    /// - Returns: The one probe of this process.
    /// - Throws: ``StartError`` if the processor isn't x86-64, the runtime isn't known or the system forbids to change code, with what is in the
    ///   way.
    public static func start(samplingInterval: Int = 64, backtraces: Bool = false) throws -> AllocationProbe {
        try started.get {
            guard (0...1_000_000).contains(samplingInterval) else {
                throw StartError(description: "samplingInterval must be from 0 to 1000000, not \(samplingInterval)")
            }
            guard let channel = ProbeChannel(interval: samplingInterval, backtraces: backtraces) else {
                throw StartError(description: "there is no memory for what is to be counted")
            }
            let state = UInt32(bitPattern: strata_probe_attach(channel.pointer))
            guard state == STRATA_PROBE_WATCHING.rawValue else {
                let isUnknown = state == STRATA_PROBE_NOT_SWIFT.rawValue
                throw StartError(
                    description: isUnknown
                        ? "the Swift runtime's functions aren't found: is this program stripped?" : channel.message)
            }
            return AllocationProbe(channel, samplingInterval)
        }
    }

    /// What was seen so far.
    ///
    /// Backtraces are named by the symbols of the program's files.
    ///
    /// - Complexity: O(types × threads); some milliseconds.
    public func report() -> AllocationReport {
        let symbols = Symbolizer(channel)
        let seconds = Double(ProbeClock.now() - begin) / 1e9
        var report = ReportBuilder(channel)
            .report(chains: GrowthChains(), interval: interval, seconds: seconds, symbols: symbols)
        report.program = CommandLine.arguments
        report.processIdentifier = Int(getpid())
        return report
    }
}

/// The one probe of a process.
///
/// `@unchecked Sendable` for this reason: `probe` is touched only under the lock. A lock of the system's, not one that would allocate an object.
private final class StartOnce: @unchecked Sendable {
    private var probe: AllocationProbe?
    private var lock = pthread_mutex_t()

    init() {
        pthread_mutex_init(&lock, nil)
    }

    func get(_ make: () throws -> AllocationProbe) throws -> AllocationProbe {
        pthread_mutex_lock(&lock)
        defer { pthread_mutex_unlock(&lock) }
        if let probe {
            return probe
        }
        let made = try make()
        probe = made
        return made
    }
}
