final class Sessions {
    private var byID: [String: Session] = [:]

    func session(_ id: String) -> Session? { byID[id] }
    func add(_ session: Session) { byID[session.id] = session }
}
