func names(_ table: [String: Int]) -> Set<String> {
    var seen: Set<String> = []
    for (name, _) in table {
        seen.insert(name) // expect if asked: reserve-capacity
    }
    return seen
}
