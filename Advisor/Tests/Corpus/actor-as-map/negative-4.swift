// Walks over all entries.
actor Hub {
    private var members: [Int: Member] = [:]

    func join(_ member: Member) { members[member.id] = member }
    func member(_ id: Int) -> Member? { members[id] }
    func broadcast(_ text: String) {
        for member in members.values { member.send(text) }
    }
}
