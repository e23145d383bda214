struct Tick { // expect if asked: property-order
    var isBid: Bool
    var price: Double
    var isLast: Bool
}
final class Book {
    var ticks: [Tick] = []
}
