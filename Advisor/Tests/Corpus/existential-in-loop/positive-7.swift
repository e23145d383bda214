protocol Value {}
struct Interval: Value {
    let low: Double
    let high: Double
    let unit: String
}
extension Interval: CustomStringConvertible {
    var description: String { unit }
}
struct Column {
    var values: [any Value] = []

    mutating func fill(_ count: Int) {
        repeat {
            values.append(Interval(low: 0, high: 1, unit: "m")) // expect: existential-in-loop
        } while values.count < count
    }
}
