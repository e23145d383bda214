protocol Shape {}
struct Box: Shape { var a, b, c, d: Double }
func one() -> [any Shape] {
    var shapes: [any Shape] = []
    shapes.append(Box(a: 0, b: 0, c: 1, d: 1))
    return shapes
}
