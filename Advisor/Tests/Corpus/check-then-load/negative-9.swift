// An update, not a load.
actor Presence {
    private var seen: [Int: Date] = [:]

    func touch(_ id: Int) async {
        let before = seen[id]
        await publish(id, before)
        seen[id] = Date()
    }
}
