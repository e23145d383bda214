// Not put back.
struct Report {
    var totals: [String: [Int]]

    func sorted(_ key: String) -> [Int] {
        var list = totals[key] ?? []
        list.sort()
        return list
    }
}
