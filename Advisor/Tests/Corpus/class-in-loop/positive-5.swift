protocol Item { var price: Int { get } }
final class Line: Item, Sendable {
    let price: Int
    let name: String
    init(price: Int, name: String) {
        self.price = price
        self.name = name
    }
}
func cart(_ names: [String]) -> [any Item] {
    names.compactMap { name in Line(price: 1, name: name) } // expect: class-in-loop
}
