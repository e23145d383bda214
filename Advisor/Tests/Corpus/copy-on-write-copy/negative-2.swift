// Taken out first: one reference.
struct Groups {
    var groups: [String: [Item]] = [:]

    mutating func add(_ item: Item, to key: String) {
        var list = groups.removeValue(forKey: key) ?? []
        list.append(item)
        groups[key] = list
    }
}
