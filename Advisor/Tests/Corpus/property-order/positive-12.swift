struct Point: Hashable { // expect: property-order
    var isFixed: Bool
    var x: Int
    var isEdge: Bool
}
func count(_ points: [Point]) -> Int {
    let different: Set<Point> = Set(points)
    return different.count
}
