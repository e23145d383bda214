// The loads are awaited, which mapValues can't do.
func owners(_ documents: [String: Document]) async -> [String: Owner] {
    var owners: [String: Owner] = [:]
    for (name, document) in documents {
        owners[name] = await owner(of: document) // expect: reserve-capacity
    }
    return owners
}
