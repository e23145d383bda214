struct Formatters {
    static var cache = [String: Formatter]() // expect: unprotected-shared-dictionary

    static func formatter(_ pattern: String) -> Formatter {
        if let formatter = cache[pattern] { return formatter }
        let formatter = Formatter(pattern)
        cache[pattern] = formatter
        return formatter
    }
}
