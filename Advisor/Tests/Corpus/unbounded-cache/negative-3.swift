// A few keys by nature.
final class FormatterCache {
    private var cache: [Style: Formatter] = [:]

    func formatter(_ style: Style) -> Formatter {
        if let formatter = cache[style] { return formatter }
        let formatter = Formatter(style)
        cache[style] = formatter
        return formatter
    }
}
enum Style { case short, long }
