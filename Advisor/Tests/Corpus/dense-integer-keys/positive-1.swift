func weights(_ count: Int) -> [Double] {
    var weights: [Int: Double] = [:] // expect: dense-integer-keys
    for i in 0..<count {
        weights[i] = 1.0 / Double(i + 1)
    }
    return order.map { weights[$0]! }
}
