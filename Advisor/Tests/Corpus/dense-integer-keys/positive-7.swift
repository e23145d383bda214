func scan(_ rows: [Row]) -> Bool {
    var lengths: [Int: Int] = [:] // expect: dense-integer-keys
    lengths.reserveCapacity(rows.count)
    for (i, row) in rows.enumerated() {
        lengths[i] = row.length
    }
    return lengths[rows.count - 1] == lengths[0]
}
