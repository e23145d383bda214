func distances(from start: Int, count: Int) -> Int {
    var distance = [Int: Int]() // expect: dense-integer-keys
    for node in 0..<count {
        distance[node] = node == start ? 0 : .max
    }
    return distance[start]! + distance.count
}
