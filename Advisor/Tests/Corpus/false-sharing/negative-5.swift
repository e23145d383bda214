// Objects of their own.
final class Far: Sendable {
    let head = ManagedAtomic<Int>(0)
    let tail = ManagedAtomic<Int>(0)

    func push() { tail.wrappingIncrement(ordering: .relaxed) }
    func pop() { head.wrappingIncrement(ordering: .relaxed) }
}
