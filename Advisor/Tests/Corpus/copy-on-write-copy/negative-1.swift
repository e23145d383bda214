struct Groups {
    var groups: [String: [Item]] = [:]

    mutating func add(_ item: Item, to key: String) {
        groups[key, default: []].append(item)
    }
}
