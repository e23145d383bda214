struct Parser {
    func precedence(_ op: String) -> Int {
        let table: [String: Int] = ["+": 1, "-": 1, "*": 2, "/": 2] // expect: literal-keys
        guard let value = table[op] else { return 0 }
        return value
    }
}
