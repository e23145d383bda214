final class Names: Sendable {
    private let cache = Mutex<[Int: String]>([:])

    func name(_ id: Int) -> String {
        cache.withLock {
            if let name = $0[id] { return name }
            let name = compute(id)
            $0[id] = name
            return name
        }
    }
}
