final class Parser {
    private var symbols: [String: Int] = [:]

    func define(_ name: String) { symbols[name] = symbols.count }
}
