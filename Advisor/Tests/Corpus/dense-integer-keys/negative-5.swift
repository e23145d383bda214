// Given away: the type may be what is wanted.
func table(_ count: Int) -> [Int: Double] {
    var table: [Int: Double] = [:]
    for i in 0..<count {
        table[i] = Double(i)
    }
    return table
}
