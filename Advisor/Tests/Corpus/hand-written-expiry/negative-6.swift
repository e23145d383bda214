// Only shown.
struct Session {
    let user: String
    let expires: Date
}
final class Sessions {
    private var byID: [String: Session] = [:]

    func add(_ id: String, _ session: Session) { byID[id] = session }
    func describe(_ id: String) -> String { "\(byID[id]?.user ?? "") until \(byID[id]?.expires.description ?? "")" }
}
