func defaults(_ known: [String: Int]) -> [String: Bool] {
    var result: [String: Bool] = [:]
    for name in known.keys {
        result[name] = false // expect if asked: reserve-capacity
    }
    result["all"] = true
    return result
}
