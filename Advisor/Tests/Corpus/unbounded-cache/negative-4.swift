// Lives as long as one parse.
struct Parser {
    private var cache: [String: Node] = [:]

    mutating func node(_ text: String) -> Node {
        if let node = cache[text] { return node }
        let node = Node(text)
        cache[text] = node
        return node
    }
}
