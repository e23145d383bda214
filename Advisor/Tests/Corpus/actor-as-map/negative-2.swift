// Suspends while it works.
actor Loader {
    private var values: [String: Int] = [:]

    func value(_ key: String) async -> Int {
        if let value = values[key] { return value }
        let value = await load(key)
        values[key] = value
        return value
    }
    func forget(_ key: String) { values[key] = nil }
}
