protocol Shape { func area() -> Double }
struct Circle: Shape {
    var radius: Double
    func area() -> Double { radius * radius * 3.14 }
}
func circles(_ radii: [Double]) -> [any Shape] {
    var shapes: [any Shape] = []
    for radius in radii { shapes.append(Circle(radius: radius)) }
    return shapes
}
