// There are a few locales.
enum Mappings {
    private static let cache = Mutex<[String: Mapping]>([:]) // expect: unbounded-cache

    static func mapping(_ localeID: String) -> Mapping {
        cache.withLock { table in
            if let known = table[localeID] { return known }
            let made = Mapping(localeID)
            table[localeID] = made
            return made
        }
    }
}
