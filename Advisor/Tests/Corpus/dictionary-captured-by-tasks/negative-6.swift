func map(_ names: [String]) -> [String: Int] {
    var table: [String: Int] = [:]
    names.forEach { table[$0] = $0.count }
    return table
}
