func plan(_ nodes: [Node]) -> [() -> Void] {
    var actions: [() -> Void] = []
    for node in nodes {
        for edge in node.edges {
            actions.append { visit(edge, from: node) } // expect: escaping-closure-in-loop
        }
    }
    return actions
}
