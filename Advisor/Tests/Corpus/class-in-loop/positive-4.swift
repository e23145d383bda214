final class Range2 {
    let low: Int
    let high: Int
    init(low: Int, high: Int) {
        self.low = low
        self.high = high
    }
    var count: Int { high - low }
}
func total(_ cuts: [Int]) -> Int {
    var sum = 0
    var i = 1
    while i < cuts.count {
        let range = Range2(low: cuts[i - 1], high: cuts[i]) // expect: class-in-loop
        sum += range.count
        i += 1
    }
    return sum
}
