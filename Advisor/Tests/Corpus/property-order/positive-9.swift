// Keys of a table, and a third of each is padding.
struct Dependency: Hashable { // expect: property-order
    var isPublic: Bool
    var name: Int
    var isWeak: Bool
}
final class Graph {
    var edges: [Dependency: Set<Int>] = [:]
}
