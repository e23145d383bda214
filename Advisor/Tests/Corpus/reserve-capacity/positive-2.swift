func squares(below limit: Int) -> Set<Int> {
    var result = Set<Int>()
    for number in 0..<limit {
        result.insert(number) // expect if asked: reserve-capacity
    }
    return result
}
