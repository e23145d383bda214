final class Sessions {
    private var byID: [String: Session] = [:]

    func touch(_ id: String) throws {
        guard byID[id] != nil else { throw SessionError.unknown }
        byID[id]!.lastUse = Date() // expect: repeated-lookup
    }
}
