func small() -> [Int: Int] {
    var table: [Int: Int] = [:]
    for n in 0..<4 {
        table[n] = n * n
    }
    return table
}
