func sparse(_ count: Int) -> Int {
    var table: [Int: Int] = [:]
    for i in 0..<count {
        guard i % 3 == 0 else { continue }
        table[i] = i
    }
    return table[3]!
}
