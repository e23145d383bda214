func unseen(_ names: [String], known: Set<String>) -> [String] {
    var result: [String] = []
    for name in names {
        if !known.contains(name) {
            result.append(name)
        }
    }
    return result
}
