final class Node {
    let next: Node?
    let value: Int
    init(_ value: Int, _ next: Node?) {
        self.value = value
        self.next = next
    }
}
func list(_ values: [Int]) -> Node? {
    var head: Node?
    for value in values { head = Node(value, head) }
    return head
}
