func index(_ users: [User]) -> [String: User] {
    var byName: [String: User] = [:]
    for user in users {
        byName[user.name] = user // expect if asked: reserve-capacity
    }
    return byName
}
