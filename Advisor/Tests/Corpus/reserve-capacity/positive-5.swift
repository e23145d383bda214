func positions(of names: [String]) -> [String: Int] {
    var positions: [String: Int] = [:]
    for (position, name) in names.enumerated() {
        positions[name] = position // expect: reserve-capacity
    }
    return positions
}
