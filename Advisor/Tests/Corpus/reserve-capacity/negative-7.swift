func firstDuplicate(_ names: [String]) -> String? {
    var seen = Set<String>()
    for name in names {
        if seen.contains(name) { return name }
        seen.insert(name)
    }
    return nil
}
