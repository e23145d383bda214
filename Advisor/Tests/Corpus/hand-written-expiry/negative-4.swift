struct Timer {
    let deadline: UInt64
    let action: Action
}
final class Timers {
    private var timers: [Int: Timer] = [:]

    func add(_ id: Int, _ timer: Timer) { timers[id] = timer }
    func isDue(_ id: Int, _ now: UInt64) -> Bool { (timers[id]?.deadline ?? .max) <= now }
}
