final actor Tokens { // expect: actor-as-map
    private var byUser: [Int: Token] = [:]

    func token(_ user: Int) -> Token? { return byUser[user] }
    func set(_ token: Token, _ user: Int) { byUser[user] = token }
    func revoke(_ user: Int) -> Token? { byUser.removeValue(forKey: user) }
}
