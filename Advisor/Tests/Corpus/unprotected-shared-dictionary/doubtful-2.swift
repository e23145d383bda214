// Its commands may run one after the other.
open class Console: @unchecked Sendable {
    var sessions: [String: Session] = [:] // expect: unprotected-shared-dictionary

    func open(_ id: String) async throws {
        let session = try await connect(id)
        sessions[id] = session
    }
}
