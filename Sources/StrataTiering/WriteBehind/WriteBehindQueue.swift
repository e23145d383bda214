import Synchronization

/// Writes changes to the second tier some time after they were made, without losing any.
///
/// Starts a task when there is something to write, and none otherwise.
final class WriteBehindQueue: Sendable {
    private struct State {
        var machine: WriteBehindStateMachine
        var alarm: Instant?
        /// Ended when something leaves.
        var departure = Signal<Void>()
    }

    private let state: Guarded<State>
    private let clock: TieringClock
    private let tasks: TaskStarter
    private let write: @Sendable ([UInt8], PendingChange) async -> WriteBehindStateMachine.Ending
    /// Written under the lock.
    ///
    /// relaxed: who has just added something sees it, and others needn't.
    private let keyCount = Atomic(0)

    /// An empty queue.
    ///
    /// - Parameters:
    ///   - machine: Decides what is written when.
    ///   - clock: What tells the time.
    ///   - tasks: Starts the tasks that write.
    ///   - write: Writes a change.
    init(
        _ machine: WriteBehindStateMachine, clock: TieringClock, tasks: TaskStarter,
        write: @escaping @Sendable ([UInt8], PendingChange) async -> WriteBehindStateMachine.Ending
    ) {
        state = Guarded(State(machine: machine))
        self.clock = clock
        self.tasks = tasks
        self.write = write
    }

    /// How many keys wait or are being written.
    var count: Int { keyCount.load(ordering: .relaxed) }

    /// All that isn't written of a key.
    func pending(_ key: [UInt8]) -> PendingChange? {
        count == 0 ? nil : state.withLock { $0.machine.pending(key) }
    }

    /// Takes a change in, as soon as there is room.
    ///
    /// - Returns: Whether there was room before the deadline.
    func enqueue(_ key: [UInt8], _ change: PendingChange, until deadline: Instant) async -> Bool {
        while true {
            let (isAccepted, departure) = state.withLock { state in
                let isAccepted = state.machine.enqueue(key, change)
                keyCount.store(state.machine.count, ordering: .relaxed)
                return (isAccepted, state.departure)
            }
            if isAccepted {
                run()
                return true
            }
            guard case .outcome = await departure.wait(until: deadline, clock: clock, tasks: tasks) else {
                return false
            }
        }
    }

    /// Waits until nothing of a key is left.
    ///
    /// - Returns: Whether that was before the deadline.
    func settle(_ key: [UInt8], until deadline: Instant) async -> Bool {
        await wait(until: deadline) { !$0.contains(key) }
    }

    /// Waits until nothing is left.
    ///
    /// - Returns: Whether that was before the deadline.
    func flush(until deadline: Instant) async -> Bool {
        await wait(until: deadline) { $0.count == 0 }
    }

    private func wait(until deadline: Instant, _ isDone: (WriteBehindStateMachine) -> Bool) async -> Bool {
        while count > 0 {
            let (done, departure) = state.withLock { (isDone($0.machine), $0.departure) }
            if done { return true }
            guard case .outcome = await departure.wait(until: deadline, clock: clock, tasks: tasks) else {
                return false
            }
        }
        return true
    }

    /// Starts all that can be written now.
    private func run() {
        while true {
            let now = clock.now()
            let action = state.withLock { state in
                let action = state.machine.next(now: now)
                guard case .wait(let moment) = action else { return action }
                // One alarm at a time is enough: it looks again when it has rung.
                if let alarm = state.alarm, alarm > now, alarm <= moment { return .nothing }
                state.alarm = moment
                return action
            }
            switch action {
            case .nothing: return
            case .write(let key, let change):
                tasks.start {
                    let ending = await self.write(key, change)
                    self.finish(key, ending)
                }
            case .wait(let moment):
                tasks.start {
                    try? await self.clock.sleep(moment)
                    self.state.withLock { if $0.alarm == moment { $0.alarm = nil } }
                    self.run()
                }
                return
            }
        }
    }

    private func finish(_ key: [UInt8], _ ending: WriteBehindStateMachine.Ending) {
        let now = clock.now()
        let departure = state.withLock { state in
            state.machine.finish(key, ending, now: now)
            keyCount.store(state.machine.count, ordering: .relaxed)
            guard ending != .failed else { return nil as Signal<Void>? }
            let departure = state.departure
            state.departure = Signal()
            return departure
        }
        departure?.send(())
        run()
    }
}
