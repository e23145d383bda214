final class Sessions: Sendable {
    private let byID = ConcurrentMap<String, Session>()

    func handle(_ id: String) -> Session? { byID[id] }
    func add(_ session: Session) { byID[session.id] = session }
}
