class Cell {
    let row: Int
    let column: Int
    init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}
func grid(_ rows: Int, _ columns: Int) -> [Cell] {
    var cells: [Cell] = []
    for row in 0..<rows {
        for column in 0..<columns {
            cells.append(Cell(row: row, column: column)) // expect: class-in-loop
        }
    }
    return cells
}
