public final class Paths {
    private static var known: [Platform: String] = [:] // expect: unprotected-shared-dictionary

    public static func path(_ platform: Platform) -> String {
        if let path = known[platform] { return path }
        let path = find(platform)
        known[platform] = path
        return path
    }
}
