final class Names: Sendable {
    private let cache = Mutex<[Int: String]>([:])

    func name(_ id: Int) -> String {
        if let name = cache.withLock({ $0[id] }) { return name }
        let name = compute(id)
        return cache.withLock {
            if let earlier = $0[id] { return earlier }
            $0[id] = name
            return name
        }
    }
}
