func index(_ users: [User]) -> [String: User] {
    var byName: [String: User] = [:]
    byName.reserveCapacity(users.count)
    for user in users {
        byName[user.name] = user
    }
    return byName
}
