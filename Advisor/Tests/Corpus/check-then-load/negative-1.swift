actor Users {
    private var users: [Int: User] = [:]

    func user(_ id: Int) async throws -> User {
        if let user = users[id] { return user }
        let user = try await database.user(id)
        if let other = users[id] { return other }
        users[id] = user
        return user
    }
}
