struct Pair<A> {
    var flag: Bool
    var first: Int
    var other: Bool
    var value: A
}
struct Box { var pairs: [Pair<Int>] }
