struct Tags {
    private var names: Set<String> = []

    mutating func add(_ name: String) -> Bool {
        guard !names.contains(name) else { return false } // expect: repeated-lookup
        names.insert(name)
        return true
    }
}
