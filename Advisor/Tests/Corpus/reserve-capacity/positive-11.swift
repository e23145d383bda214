final class Documents {
    private var open: Set<Int> = []

    func owners() -> [Int: Owner] {
        var owners = [Int: Owner]()
        for id in open {
            let owner = owner(of: id)
            owners[id] = owner // expect if asked: reserve-capacity
        }
        return owners
    }
}
