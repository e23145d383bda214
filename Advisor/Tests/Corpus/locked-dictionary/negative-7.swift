final class Parser {
    private var names: [String: Int] = [:]

    func process(_ name: String) -> Int? { names[name] }
    func define(_ name: String) { names[name] = names.count }
}
