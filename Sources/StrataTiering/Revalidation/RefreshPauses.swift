/// For how long keys are left alone whose refresh behind the scenes brought nothing.
///
/// Without it, every read of a value that may be out of date would begin another attempt as long as the other side is away. Each
/// failure in a row doubles the pause, up to thirty times the first.
///
/// A table of fixed size by the keys' hashes: what two keys share belongs to the one that failed last, and the other may be tried again
/// sooner. No lock, no clock.
package struct RefreshPauses: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64 = 0
        var until = Instant(nanoseconds: .min)
        var failureCount = 0
    }

    private static let slotCount = 4096
    private static let maximumFactor = 30

    private let delay: Duration
    /// Empty until something fails.
    private var slots: [Slot] = []

    /// No pauses.
    ///
    /// - Parameter delay: The first one.
    package init(delay: Duration) { self.delay = delay }

    /// Whether a key may be tried.
    package func allows(hash: UInt64, now: Instant) -> Bool {
        guard !slots.isEmpty else { return true }
        let slot = slots[index(hash)]
        return slot.hash != hash || now >= slot.until
    }

    /// An attempt brought nothing.
    package mutating func fail(hash: UInt64, now: Instant) {
        if slots.isEmpty { slots = Array(repeating: Slot(), count: Self.slotCount) }
        let index = index(hash)
        let failures = slots[index].hash == hash ? slots[index].failureCount + 1 : 1
        let factor = failures > 5 ? Self.maximumFactor : min(1 << (failures - 1), Self.maximumFactor)
        slots[index] = Slot(hash: hash, until: now.advanced(by: delay * factor), failureCount: failures)
    }

    /// An attempt brought something.
    package mutating func succeed(hash: UInt64) {
        guard !slots.isEmpty, slots[index(hash)].hash == hash else { return }
        slots[index(hash)] = Slot()
    }

    /// The other side is back: everything may be tried.
    package mutating func clear() { slots = [] }

    private func index(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 20) & (Self.slotCount - 1) }
}
