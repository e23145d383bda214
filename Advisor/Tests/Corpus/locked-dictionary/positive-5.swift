enum Prices {
    static let table = Mutex<[Int: Double]>([:]) // expect: locked-dictionary

    static func price(_ id: Int) -> Double? { table.withLock { $0[id] } }
    static func set(_ id: Int, _ price: Double) { table.withLock { $0[id] = price } }
}
func total(_ ids: [Int]) -> Double {
    var sum = 0.0
    for id in ids { sum += Prices.price(id) ?? 0 }
    return sum
}
