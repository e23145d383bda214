enum Kind: UInt8 { case open, closed }
struct Door { // expect: property-order
    let kind: Kind
    let number: Int
    let locked: Bool
}
struct House {
    let doors: Set<Door>
}
