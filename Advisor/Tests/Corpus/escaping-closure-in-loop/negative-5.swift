func filter(_ rows: [[Int]], _ limit: Int) -> [[Int]] {
    var result: [[Int]] = []
    for row in rows {
        result.append(row.filter { $0 < limit })
    }
    return result
}
