final class Node { // expect if asked: property-order
    var isLeaf: Bool = false
    var left: Node?
    var isRed: Bool = false
    var right: Node?
    var depth: UInt16 = 0
    var value: Int = 0
}
