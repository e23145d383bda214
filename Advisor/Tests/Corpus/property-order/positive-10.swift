struct Row { // expect: property-order
    var isValid: Bool
    var start: Int
    var isLast: Bool
}
func rows(_ lines: [String]) -> [Row] {
    let rows: [Row] = lines.map { Row(isValid: true, start: $0.count, isLast: false) }
    return rows
}
