actor Users {
    private var users: [Int: User] = [:]

    func user(_ id: Int) async throws -> User {
        if let user = users[id] { return user } // expect: check-then-load
        let user = try await database.user(id)
        users[id] = user
        return user
    }
}
