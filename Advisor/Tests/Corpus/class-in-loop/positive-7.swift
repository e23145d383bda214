final class Pair {
    let first: Int?
    let second: Bool
    init(first: Int?, second: Bool) {
        self.first = first
        self.second = second
    }
}
func pairs(_ n: Int) {
    repeat {
        use(Pair(first: nil, second: true)) // expect: class-in-loop
    } while more()
}
