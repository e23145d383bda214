enum Expressions {
    private static let cache = Mutex<[String: Regex]>([:]) // expect if asked: unbounded-cache

    static func expression(_ pattern: String) -> Regex {
        cache.withLock { table in
            if let expression = table[pattern] { return expression }
            let expression = Regex(pattern)
            table[pattern] = expression
            return expression
        }
    }
}
