/// Fills a dictionary; the program that loads this has no Swift of its own.
@_cdecl("grow")
public func grow() -> Int32 {
    var squares: [Int32: Int64] = [:]
    for index in 0..<100 as Range<Int32> {
        squares[index] = Int64(index) * Int64(index)
    }
    return squares.count == 100 ? 0 : 2
}
