actor Checks {
    static let shared = Checks()
    private var cache: [String: Bool] = [:]

    // One entry for each function that calls it.
    func isSupported(feature: String = #function) -> Bool {
        if let known = cache[feature] { return known }
        let result = probe(feature)
        cache[feature] = result
        return result
    }
}
