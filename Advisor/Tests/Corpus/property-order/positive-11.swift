struct Move { // expect: property-order
    var isCapture: Bool
    var score: Double
    var isCheck: Bool
}
func moves(_ count: Int) -> [Move] {
    var moves: [Move] = []
    for n in 0..<count { moves.append(Move(isCapture: n > 3, score: 0, isCheck: false)) }
    return moves
}
