actor Loader {
    func run(_ keys: [Int]) {
        var values: [Int: String] = [:]
        for key in keys {
            Task { values[key] = await load(key) }
        }
    }
}
