import NIOCore
import Strata
import Synchronization

/// The periodic work on the data: removing what has expired, evicting, giving memory back.
///
/// Runs on one event loop in slices of about a millisecond: ten times a second (`hz`), and more often while it is behind.
final class Maintenance: Sendable {
    private let server: ServerState
    private let isStopped = RelaxedInteger()
    private let memoryRelease = MemoryRelease()

    /// How many deadlines one slice looks at per database, for each step of `active-expire-effort`.
    private static let deadlinesPerSlice = 500
    /// The pause between two slices while more is known to be waiting.
    private static let busyInterval = TimeAmount.milliseconds(2)

    init(server: ServerState) {
        self.server = server
    }

    /// Begins; the work is done on the worker's event loop.
    func start(on worker: Worker) {
        schedule(on: worker, in: .milliseconds(100))
        worker.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(100)) { [self] task in
            guard isStopped.current == 0 else { return task.cancel() }
            server.rates.sample(
                RateMeter.Totals(
                    commands: server.sum { $0.processedCommands.current },
                    receivedBytes: server.sum { $0.receivedBytes.current },
                    sentBytes: server.sum { $0.sentBytes.current }))
        }
    }

    /// Ends; a slice under way is finished.
    func stop() {
        isStopped.set(1)
    }

    private func schedule(on worker: Worker, in delay: TimeAmount) {
        worker.eventLoop.scheduleTask(in: delay) { [self] in
            guard isStopped.current == 0 else { return }
            let isBehind = runSlice(worker)
            let regular = TimeAmount.milliseconds(Int64(1000 / max(server.settings.frequency.current, 1)))
            schedule(on: worker, in: isBehind ? min(Self.busyInterval, regular) : regular)
        }
    }

    /// Does some of the work.
    ///
    /// - Returns: Whether there is more to be done at once.
    private func runSlice(_ worker: Worker) -> Bool {
        worker.settle()
        let now = WallClock.nowTicks()
        let start = MonotonicClock.nanoseconds()
        var isBehind = false
        for number in 0..<Databases.count where server.databases.isUsed(number) {
            let store = server.databases[number]
            if server.isActiveExpireEnabled.current != 0 {
                let limit = Self.deadlinesPerSlice * server.settings.expireEffort.current
                if store.expire(now: now, limit: limit) >= limit { isBehind = true }
            }
            if store.maintain(now: now) { isBehind = true }
        }
        // relaxed: a change of the limit takes effect with the next slice.
        if server.gate.load(ordering: .relaxed) & ServerState.memoryGate != 0 { _ = server.makeRoom(now: now) }
        memoryRelease.check(now: now, server: server)
        if !worker.broadcasts.isEmpty { server.tracking.send(&worker.broadcasts, from: worker) }
        server.latency.record("expire-cycle", milliseconds: (MonotonicClock.nanoseconds() - start) / 1_000_000)
        return isBehind
    }
}
