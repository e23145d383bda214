enum Global {
    static let a = Atomic<Int>(0)
    static let b = Atomic<Int>(0)

    static func first() { a.add(1, ordering: .relaxed) }
    static func second() { b.add(1, ordering: .relaxed) }
}
