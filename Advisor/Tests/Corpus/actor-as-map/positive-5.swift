actor Flags { // expect: actor-as-map
    private var values: [String: Bool] = [:]

    subscript(name: String) -> Bool { values[name] ?? false }
    func set(_ name: String, _ value: Bool) { values[name] = value }
}
