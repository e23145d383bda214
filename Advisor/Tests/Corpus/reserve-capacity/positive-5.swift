func positions(of names: [String]) -> [String: Int] {
    var positions: [String: Int] = [:]
    for (position, name) in names.enumerated() {
        positions[name] = position // expect if asked: reserve-capacity
    }
    return positions
}
