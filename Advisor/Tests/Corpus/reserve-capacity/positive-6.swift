func inverted(_ table: [String: Int]) -> [Int: String] {
    var result: [Int: String] = [:]
    for (name, number) in table {
        result.updateValue(name, forKey: number) // expect if asked: reserve-capacity
    }
    return result
}
