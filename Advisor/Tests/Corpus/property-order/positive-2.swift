struct Entry { // expect if asked: property-order
    let isDirty: Bool
    let key: Int
    let level: UInt8
    let next: Int32
    let hash: UInt64
}
struct Table {
    var entries: [Int: Entry]
}
