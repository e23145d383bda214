// Written together.
final class Totals: Sendable {
    let count = Atomic<Int>(0)
    let sum = Atomic<Int>(0)

    func add(_ value: Int) {
        count.add(1, ordering: .relaxed)
        sum.add(value, ordering: .relaxed)
    }
}
