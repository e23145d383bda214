// A program decides itself what runs at the same time.
final class Node {
    static var index = [String: Node]() // expect: unprotected-shared-dictionary
    let name: String

    init(name: String) { self.name = name }

    func enter() { Self.index[name] = self }
}
@main
struct Tool {
    static func main() { Node(name: "a").enter() }
}
