struct Graph {
    var edges: [Int: [Int]] = [:]

    mutating func connect(_ from: Int, _ to: Int) {
        if edges[from] == nil {
            edges[from] = []
        }
        edges[from]!.append(to) // expect: repeated-lookup
    }
}
