struct Reading { // expect: property-order
    var isGood: Bool
    var time: Double
    var channel: UInt8
}
func readings(_ times: [Double]) -> [Reading] {
    let all: [Reading] = times.compactMap { $0 > 0 ? Reading(isGood: true, time: $0, channel: 1) : nil }
    return all
}
