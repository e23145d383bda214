struct Formatters {
    static var cache = [String: Formatter]() // expect if asked: unprotected-shared-dictionary

    static func formatter(_ pattern: String) -> Formatter {
        if let formatter = cache[pattern] { return formatter }
        let formatter = Formatter(pattern)
        cache[pattern] = formatter
        return formatter
    }
}
