// Another table's keys: none repeats.
func lengths(_ texts: [String: String]) -> [String: Int] {
    var lengths: [String: Int] = [:]
    for (key, text) in texts {
        lengths[key] = text.count // expect: reserve-capacity
    }
    return lengths
}
