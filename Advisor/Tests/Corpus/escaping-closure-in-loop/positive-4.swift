func fill(_ grid: Grid) {
    for row in grid.rows {
        for cell in row {
            grid.updates.append({ cell.draw() }) // expect: escaping-closure-in-loop
        }
    }
}
