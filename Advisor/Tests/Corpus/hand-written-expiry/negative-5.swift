struct Entry {
    let value: Int
    let hits: Int
}
final class Values {
    private var cache: [String: Entry] = [:]

    func value(_ key: String) -> Int? { cache[key]?.value }
    func put(_ key: String, _ entry: Entry) { cache[key] = entry }
}
