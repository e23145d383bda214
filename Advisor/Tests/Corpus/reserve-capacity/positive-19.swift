func sums(_ groups: [Int: [Double]]) -> [Int: Double] {
    var sums: [Int: Double] = [:]
    for (id, values) in groups {
        sums[id] = values.reduce(0, +) // expect: reserve-capacity
    }
    sums[-1] = 0
    return sums
}
