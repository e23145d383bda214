struct Tick {
    var price: Double
    var isBid: Bool
    var isLast: Bool
}
struct Book { var ticks: [Tick] }
