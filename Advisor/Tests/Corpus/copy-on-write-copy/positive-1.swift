struct Groups {
    var groups: [String: [Item]] = [:]

    mutating func add(_ item: Item, to key: String) {
        var list = groups[key] ?? [] // expect: copy-on-write-copy
        list.append(item)
        groups[key] = list
    }
}
