func actives(_ users: [User]) -> [Int: User] {
    var actives: [Int: User] = [:]
    for user in users where user.isActive {
        actives[user.id] = user
    }
    return actives
}
