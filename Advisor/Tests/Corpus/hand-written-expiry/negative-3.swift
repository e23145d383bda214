final class Tokens {
    private let tokens = Cache<String, Token>(maximumCount: 100)
    func token(_ id: String) -> Token? { tokens[id] }
}
