actor Locks { // expect: actor-as-map
    private var owners: [String: Int] = [:]

    func owner(_ name: String) -> Int? { owners[name] }

    func take(_ name: String, _ id: Int) -> Bool {
        guard owners[name] == nil else { return false }
        owners[name] = id
        return true
    }
}
