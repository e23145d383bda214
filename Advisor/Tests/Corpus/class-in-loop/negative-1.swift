struct Point {
    let x: Double
    let y: Double
}
func points(_ rows: [[Double]]) -> [Point] { rows.map { Point(x: $0[0], y: $0[1]) } }
