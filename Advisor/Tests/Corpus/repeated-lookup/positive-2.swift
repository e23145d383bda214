struct Inventory {
    var stock: [String: Int] = [:]

    mutating func add(_ name: String, _ amount: Int) {
        stock[name] = (stock[name] ?? 0) + amount // expect: repeated-lookup
    }
}
