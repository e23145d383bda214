func positions(_ names: [String]) -> Int {
    var position: [String: Int] = [:]
    for (i, name) in names.enumerated() {
        position[name] = i
    }
    return position["a"]!
}
