actor Tokens {
    private var tokens: [String: Token] = [:]

    func token(_ user: String) async throws -> Token {
        guard tokens[user] == nil else { return tokens[user]! } // expect: check-then-load
        let token = try await issuer.token(for: user)
        log("issued")
        tokens[user] = token
        return token
    }
}
