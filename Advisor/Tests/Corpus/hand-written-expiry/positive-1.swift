final class Tokens {
    struct Entry {
        var value: Token
        var expiresAt: Date
    }
    private var tokens: [String: Entry] = [:] // expect: hand-written-expiry

    func token(_ id: String) -> Token? {
        guard let entry = tokens[id], entry.expiresAt > Date() else { return nil }
        return entry.value
    }
    func put(_ token: Token, _ id: String) {
        tokens[id] = Entry(value: token, expiresAt: Date().addingTimeInterval(60))
    }
}
