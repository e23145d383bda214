// Making it twice may do no harm.
enum CaseMaps {
    private static let cache = Mutex<[String: CaseMap]>([:])

    static func map(_ id: String) -> CaseMap? {
        if let known = cache.withLock({ $0[id] }) { return known } // expect: check-then-load
        guard let made = try? CaseMap(id) else { return nil }
        cache.withLock { $0[id] = made }
        return made
    }
}
