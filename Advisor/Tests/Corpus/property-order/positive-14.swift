struct Cell { // expect: property-order
    var level: UInt8
    var weight: Double
    var kind: UInt16
}
final class Grid {
    private var cells: [Cell] = []
    func fill() {
        while cells.count < 1_000 { cells.append(Cell(level: 0, weight: 1, kind: 2)) }
    }
}
