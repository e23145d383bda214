// One is only read.
final class Limit: Sendable {
    let limit = Atomic<Int>(10)
    let used = Atomic<Int>(0)

    func take() -> Bool { used.add(1, ordering: .relaxed).newValue <= limit.load(ordering: .relaxed) }
}
