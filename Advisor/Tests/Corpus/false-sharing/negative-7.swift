// Far apart.
final class Wide: Sendable {
    let a = Atomic<Int>(0)
    let name: String
    let path: String
    let user: String
    let host: String
    let b = Atomic<Int>(0)

    init(_ name: String) { (self.name, path, user, host) = (name, name, name, name) }
    func first() { a.add(1, ordering: .relaxed) }
    func second() { b.add(1, ordering: .relaxed) }
}
