struct Slugs {
    private static var memo: [String: String] = [:] // expect: unbounded-cache

    static func slug(_ title: String) -> String {
        if let slug = memo[title] { return slug }
        let slug = title.lowercased()
        memo[title] = slug
        return slug
    }
}
