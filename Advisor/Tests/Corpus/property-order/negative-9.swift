// There is one, and the arrays are of the other type of that name.
struct Client {
    struct Symbol {
        var isDynamic: Bool
        var limit: Int
        var isNested: Bool
    }
    var symbol: Symbol
}
struct Symbol {
    var name: String
}
final class Index {
    var symbols: [Symbol] = []
}
