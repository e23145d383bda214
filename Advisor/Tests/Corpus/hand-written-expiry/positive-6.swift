final class Sessions {
    private var sessions: [String: Session] = [:] // expect: hand-written-expiry

    func session(_ id: String) -> Session? {
        if let session = sessions[id], session.expiration >= Date() { return session }
        sessions.removeValue(forKey: id)
        return nil
    }
    func start(_ session: Session) { sessions[session.id] = session }
}
struct Session {
    let id: String
    let expiration: Date
}
