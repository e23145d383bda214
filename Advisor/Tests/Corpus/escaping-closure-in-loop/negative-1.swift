func sum(_ rows: [[Int]]) -> Int {
    var sum = 0
    for row in rows {
        row.forEach { sum += $0 }
    }
    return sum
}
