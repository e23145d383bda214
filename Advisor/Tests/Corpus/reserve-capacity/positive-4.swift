func squares(upTo count: Int) -> [Int: Int] {
    var table: [Int: Int] = [:]
    for n in 0..<count {
        table[n * n] = n // expect if asked: reserve-capacity
    }
    return table
}
