struct Sample { // expect if asked: property-order
    var valid: Bool
    var time: UInt64
    var channel: UInt16
    var value: Double
    var flags: UInt8
}
func average(_ samples: [Sample]) -> Double {
    let copy: [Sample] = samples
    return copy[0].value
}
