// A class is a reference: it fits.
protocol Node { func visit() }
final class Leaf: Node {
    let a = 0, b = 0, c = 0, d = 0
    func visit() {}
}
func leaves(_ count: Int) -> [any Node] {
    var nodes: [any Node] = []
    for _ in 0..<count { nodes.append(Leaf()) }
    return nodes
}
