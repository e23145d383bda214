enum Scope: UInt8 { case file, module }
struct Name: Hashable { // expect: property-order
    var scope: Scope
    var number: Int
    var isHidden: Bool
}
struct Names {
    var places: [Name: [Int]]
}
