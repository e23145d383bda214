private class Edge: Hashable {
    let from: Int
    let to: Int
    init(_ from: Int, _ to: Int) {
        self.from = from
        self.to = to
    }
    static func == (a: Edge, b: Edge) -> Bool { a.from == b.from && a.to == b.to }
    func hash(into hasher: inout Hasher) { hasher.combine(from) }
}
func edges(_ count: Int) -> Int {
    var seen = Set<Edge>()
    for i in 0..<count {
        seen.insert(Edge(i, i + 1)) // expect: class-in-loop
    }
    return seen.count
}
