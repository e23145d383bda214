final class One: Sendable {
    private let value = Atomic<Int>(0)
    let name = "one"

    func bump() { value.add(1, ordering: .relaxed) }
}
