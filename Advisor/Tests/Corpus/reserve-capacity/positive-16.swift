func parse(_ settings: [String: String]) throws -> [String: Value] {
    var table = [String: Value]()
    for (key, text) in settings {
        table[key] = try Value(text) // expect: reserve-capacity
    }
    return table
}
