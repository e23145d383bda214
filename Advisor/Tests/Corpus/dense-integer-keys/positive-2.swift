func columns(_ header: [String]) -> String {
    var names: [Int: String] = [:] // expect: dense-integer-keys
    for (position, name) in header.enumerated() {
        names[position] = name.trimmed()
    }
    return describe(names[0]!, names[1]!)
}
