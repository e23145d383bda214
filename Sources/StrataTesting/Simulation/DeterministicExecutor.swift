public import StrataTiering

/// Runs tasks one after the other on the calling thread, in an order that a seed determines, with a clock that moves on when nobody has
/// anything to do.
///
/// Everything that a run does follows from its seed, so a run that went wrong can be had again, and hours of waiting take as long as
/// the work in between.
///
/// ```swift
/// let executor = DeterministicExecutor(seed: 42)
/// let hash = TieredHash(remote: store, clock: executor.clock.tieringClock, executor: executor)
/// let result = try executor.run { try await hash.get("key", "field") }
/// ```
///
/// Code that sleeps on another clock, or has an executor of its own, isn't under control.
public final class DeterministicExecutor: TaskExecutor {

    /// The clock of the run.
    public let clock: ManualClock
    private let jobs = Guarded<[UnownedJob]>([])
    private let random: Guarded<SeededRandom>

    /// An executor.
    ///
    /// - Parameters:
    ///   - seed: Decides who goes first.
    ///   - clock: The clock of the run.
    public init(seed: UInt64, clock: ManualClock = ManualClock(now: Instant(nanoseconds: 1_000_000_000))) {
        self.clock = clock
        random = Guarded(SeededRandom(seed: seed))
    }

    /// Takes a job in; tasks do that.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    /// Runs something, and all that it starts, until it returns.
    ///
    /// - Parameters:
    ///   - limit: How much time may pass on the clock.
    ///   - operation: What to run.
    /// - Returns: What it returns; `nil` if it hasn't within the limit, or waits for something that never happens.
    public func run<Result: Sendable>(
        for limit: Duration = .seconds(86400), _ operation: @escaping @Sendable () async -> Result
    ) -> Result? {
        let result = Guarded<Result?>(nil)
        let end = clock.now.advanced(by: limit)
        Task(executorPreference: self) {
            let value = await operation()
            result.withLock { $0 = value }
        }
        while true {
            runJobs()
            if let value = result.withLock({ $0 }) { return value }
            guard let next = clock.nextWakeUp, next <= end, next < .distantFuture else { return nil }
            clock.advance(by: clock.now.duration(to: next))
        }
    }

    /// Runs what is left to be done without the passing of time.
    public func runJobs() {
        while let job = nextJob() { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private func nextJob() -> UnownedJob? {
        jobs.withLock { jobs in
            guard !jobs.isEmpty else { return nil }
            let index = random.withLock { Int($0.next() % UInt64(jobs.count)) }
            jobs.swapAt(index, jobs.count - 1)
            return jobs.removeLast()
        }
    }
}
