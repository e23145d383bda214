// More than one thing changes.
actor Sessions {
    private var byID: [String: Session] = [:]
    private var count = 0

    func session(_ id: String) -> Session? { byID[id] }
    func add(_ session: Session) {
        byID[session.id] = session
        count += 1
    }
}
