import Logging
import NIOCore
import NIOPosix
import Strata

/// Gives memory back to the system that the allocator keeps after a peak: of data that was removed, or of replies that waited for slow
/// readers.
///
/// Without it a process stays as large as it ever was.
///
/// **Concurrency:** ``check(now:server:)`` is called by one event loop; the work is done on a thread of its own, for it takes time in
/// proportion to the memory.
final class MemoryRelease: Sendable {
    private let schedule = Locked(MemoryReleaseSchedule())

    /// Sees whether there is something to give back, and has it done; cheap enough for every slice of maintenance.
    func check(now: Int64, server: ServerState) {
        guard schedule.withLock({ $0.isCheckDue(now: now) }) else { return }
        let resident = ProcessUsage().residentBytes
        let used = server.databases.budget.usedBytes
        guard schedule.withLock({ $0.begins(residentBytes: resident, usedBytes: used) }) else { return }
        NIOThreadPool.singleton.submit { [self] _ in
            AllocatorMemory.releaseFree()
            let remaining = ProcessUsage().residentBytes
            server.logger.debug("gave memory back", metadata: ["before": "\(resident)", "after": "\(remaining)"])
            schedule.withLock { $0.ends(now: WallClock.nowTicks(), before: resident, after: remaining) }
        }
    }
}

/// When to try to give memory back; times in ticks, sizes in bytes.
struct MemoryReleaseSchedule {
    /// How often to look.
    static let interval: Int64 = 5_000
    /// How long to wait at most after tries that were of little use.
    static let longestWait: Int64 = 600_000
    /// What a process may keep beside its data without anybody caring.
    static let allowance = 64 << 20

    private var nextCheck: Int64 = 0
    private var wait = interval
    private var isUnderWay = false

    /// Whether it is time to look.
    mutating func isCheckDue(now: Int64) -> Bool {
        guard now >= nextCheck, !isUnderWay else { return false }
        nextCheck = now + max(wait, Self.interval)
        return true
    }

    /// Whether there is enough to be gained: half as much again as the data takes.
    mutating func begins(residentBytes: Int, usedBytes: Int) -> Bool {
        let isWorthIt = residentBytes > usedBytes + usedBytes / 2 + Self.allowance
        if isWorthIt { isUnderWay = true } else { wait = Self.interval }
        return isWorthIt
    }

    /// Learns what a try has brought.
    ///
    /// Less than an eighth means that the memory is in use by something else: the next try waits longer.
    mutating func ends(now: Int64, before: Int, after: Int) {
        isUnderWay = false
        wait = before - after < before / 8 ? min(wait * 2, Self.longestWait) : Self.interval
        nextCheck = now + wait
    }
}
