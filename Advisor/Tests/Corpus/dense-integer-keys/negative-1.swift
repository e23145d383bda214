// Identifiers, not positions.
func byID(_ users: [User]) -> [Int: User] {
    var table: [Int: User] = [:]
    for user in users {
        table[user.id] = user
    }
    return table
}
