struct Cell {
    var a: Bool
    #if DEBUG
    var trace: Int
    #endif
    var b: Int
    var c: Bool
}
struct Grid { var cells: [Cell] }
