func add(_ info: Info, at index: Int, to table: inout [Int: Info]) throws {
    if table[index] != nil {
        throw Duplicate("both \(info) and \(table[index]!)")
    }
    table[index] = info
}
