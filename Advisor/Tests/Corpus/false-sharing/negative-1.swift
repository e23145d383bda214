final class Queue: Sendable {
    private let head = Atomic<Int>(0)
    private let padding = InlineArray<15, UInt64>(repeating: 0)
    private let tail = Atomic<Int>(0)

    func push() { tail.add(1, ordering: .releasing) }
    func pop() { head.add(1, ordering: .releasing) }
}
