func values(_ nodes: [Node]) {
    for node in nodes {
        for edge in node.edges {
            visits.append(Visit(edge: edge, from: node))
        }
    }
}
