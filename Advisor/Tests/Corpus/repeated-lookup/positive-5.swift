func visit(_ nodes: [Node]) -> [Node] {
    var seen: Set<Int> = []
    var order: [Node] = []
    for node in nodes {
        if !seen.contains(node.id) { // expect: repeated-lookup
            seen.insert(node.id)
            order.append(node)
        }
    }
    return order
}
