import StrataMonitor
import Synchronization

/// A clock that a test sets.
final class ManualTime: Sendable {
    private let nanoseconds = Atomic<Int>(1_000_000_000_000)

    var clock: MonitorClock { MonitorClock { [self] in Double(nanoseconds.load(ordering: .relaxed)) / 1e9 } }
    var now: Double { clock.now() }

    func advance(seconds: Double) { nanoseconds.wrappingAdd(Int(seconds * 1e9), ordering: .relaxed) }
}
