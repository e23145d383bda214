protocol Check { func passes(_ row: Row) -> Bool }
struct Between: Check {
    let column: String
    let low: Double
    let high: Double
    func passes(_ row: Row) -> Bool { true }
}
func select(_ rows: [Row], _ checks: [any Check]) -> [Row] {
    var result: [Row] = []
    for row in rows {
        var passes = true
        for check in checks where !check.passes(row) { passes = false } // expect: existential-in-loop
        if passes { result.append(row) }
    }
    return result
}
