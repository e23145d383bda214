public actor Registry { // expect: actor-as-map
    private var entries: [Int: Entry] = [:]
    private let name: String

    public init(name: String) { self.name = name }
    public func entry(_ id: Int) -> Entry? { entries[id] }
    public func register(_ entry: Entry) { entries[entry.id] = entry }
}
