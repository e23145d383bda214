final class Point {
    let x: Double
    let y: Double
    init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}
func points(_ rows: [[Double]]) -> [Point] {
    var points: [Point] = []
    for row in rows {
        points.append(Point(x: row[0], y: row[1])) // expect: class-in-loop
    }
    return points
}
