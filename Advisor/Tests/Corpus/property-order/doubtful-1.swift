// Nothing shows that there are many.
struct TableKind { // expect: property-order
    let isNullable: Bool
    let limits: Limits
    let isShared: Bool
}
struct Limits {
    let low: Int
}
struct Module {
    var tables: [TableKind] = []
}
