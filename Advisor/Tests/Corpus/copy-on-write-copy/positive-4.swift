final class Store {
    private var table: [Int: String] = [:]

    func put(_ key: Int, _ value: String) {
        var copy = table // expect: copy-on-write-copy
        copy[key] = value
        table = copy
    }
}
