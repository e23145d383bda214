protocol Shape { func area() -> Double }
struct Box: Shape {
    var a, b, c, d: Double
    func area() -> Double { (c - a) * (d - b) }
}
func shapes(_ rows: [Row]) -> [any Shape] {
    var shapes: [any Shape] = []
    for row in rows {
        shapes.append(Box(a: row.a, b: row.b, c: row.c, d: row.d)) // expect: existential-in-loop
    }
    return shapes
}
