// Nothing is waited for in between.
actor Numbers {
    private var squares: [Int: Int] = [:]

    func square(_ n: Int) async -> Int {
        if let square = squares[n] { return square }
        squares[n] = n * n
        await log(n)
        return n * n
    }
}
