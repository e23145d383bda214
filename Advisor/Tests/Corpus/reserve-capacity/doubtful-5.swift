// The value needs its key.
func labelled(_ table: [String: Int]) -> [String: String] {
    var result: [String: String] = [:]
    for (key, value) in table {
        result[key] = key + ": \(value)" // expect: reserve-capacity
    }
    return result
}
