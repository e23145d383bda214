struct Sessions {
    var byID: [String: Session] = [:]

    func user(_ id: String) -> String? {
        if let session = byID[id] {
            return session.user
        }
        return nil
    }
}
