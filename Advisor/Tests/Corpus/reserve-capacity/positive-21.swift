func shares(_ counts: [String: Int], of total: Int) -> [String: Double] {
    var shares: [String: Double] = [:]
    for (name, count) in counts {
        shares[name] = Double(count) / Double(total) // expect: reserve-capacity
    }
    return shares
}
