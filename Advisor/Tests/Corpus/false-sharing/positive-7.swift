final class Pool: Sendable {
    let free = Atomic<Int>(0)
    let limit: Int = 10
    let used = Atomic<Int>(0) // expect: false-sharing

    func take() { used.add(1, ordering: .acquiring) }
    func give() { free.add(1, ordering: .releasing) }
}
