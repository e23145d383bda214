// Static and computed properties take no room.
struct Point {
    static var origin: Point { Point(x: 0, y: 0) }
    static let isFixed: Bool = true
    var x: Double
    var isNear: Bool { x < 1 }
    var y: Double
}
struct Line { var points: [Point] }
