func neighbours(_ edges: [(from: Int, to: Int)]) -> Set<Int> {
    var seen: Set<Int> = []
    for edge in edges {
        seen.insert(edge.to) // expect: reserve-capacity
    }
    return seen
}
