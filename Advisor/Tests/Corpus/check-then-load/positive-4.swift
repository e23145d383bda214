final class Names: Sendable {
    private let cache = Mutex<[Int: String]>([:])

    func name(_ id: Int) -> String {
        if let name = cache.withLock({ $0[id] }) { return name } // expect if asked: check-then-load
        let name = compute(id)
        cache.withLock { $0[id] = name }
        return name
    }
}
