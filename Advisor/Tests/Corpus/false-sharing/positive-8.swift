final class Clock: Sendable {
    private let ticks = Atomic<UInt64>(0)
    private let alarms = Atomic<UInt64>(0) // expect: false-sharing

    func tick() { ticks.wrappingAdd(1, ordering: .relaxed) }
    func ring() { _ = alarms.exchange(1, ordering: .relaxed) }
}
