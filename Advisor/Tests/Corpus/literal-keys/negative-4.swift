// Kept, and asked for what isn't known before.
enum Types {
    private static let byExtension = ["html": "text/html", "css": "text/css", "js": "text/javascript"]

    static func type(_ name: String) -> String? { byExtension[name] }
}
