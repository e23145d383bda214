// Asked for one, put the other.
func link(_ seen: inout Set<Int>, _ node: Node) {
    if !seen.contains(node.parent) {
        seen.insert(node.id)
    }
}
