final class Statistics: Sendable {
    let hits: Atomic<Int> = .init(0)
    let misses: Atomic<Int> = .init(0) // expect: false-sharing

    func hit() { hits.wrappingAdd(1, ordering: .relaxed) }
    func miss() { misses.wrappingAdd(1, ordering: .relaxed) }
}
