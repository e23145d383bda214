func levels(_ tree: Tree) -> Int {
    var depth: [Int: Int] = [:] // expect: dense-integer-keys
    for node in tree.parents.indices {
        depth[node] = 1
    }
    return depth[0]! + depth[1]!
}
