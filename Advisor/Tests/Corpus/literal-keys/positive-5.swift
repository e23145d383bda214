enum Units {
    static let factors: [String: Double] = ["m": 1, "km": 1000, "cm": 0.01] // expect: literal-keys

    static func kilometres(_ value: Double) -> Double { value / factors["km"]! }
    static func centimetres(_ value: Double) -> Double { value / factors["cm"]! }
}
