// Local: nobody else sees it.
func resolve(_ names: [String]) async -> [String: Address] {
    var known: [String: Address] = [:]
    for name in names {
        if known[name] != nil { continue }
        let address = await lookup(name)
        known[name] = address
    }
    return known
}
