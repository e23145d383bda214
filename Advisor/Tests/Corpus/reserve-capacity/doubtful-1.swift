// How many values there are, the source doesn't say.
func handle(_ sessions: [Int: Session]) -> [String: Info] {
    var items = [String: Info]()
    for session in sessions.values {
        items[session.id] = Info(session) // expect: reserve-capacity
    }
    return items
}
