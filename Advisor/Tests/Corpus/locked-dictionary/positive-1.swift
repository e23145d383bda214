final class Sessions: Sendable {
    private let byID = Mutex<[String: Session]>([:]) // expect: locked-dictionary

    func handle(_ id: String) -> Session? { byID.withLock { $0[id] } }
    func add(_ session: Session) { byID.withLock { $0[session.id] = session } }
}
