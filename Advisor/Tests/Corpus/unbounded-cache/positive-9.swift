enum Expressions {
    private static var cache: [String: Expression] = [:] // expect: unbounded-cache

    static func expression(_ pattern: String) -> Expression {
        let key = pattern.lowercased()
        if let known = cache[key] { return known }
        let made = Expression(key)
        cache[key] = made
        return made
    }
}
