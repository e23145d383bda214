final class Names {
    private let lock = NSLock()
    private var table: [Int: String] = [:] // expect: locked-dictionary

    func name(_ id: Int) -> String? { lock.withLock { table[id] } }
    func set(_ id: Int, _ name: String) { lock.withLock { table[id] = name } }
}
func render(_ ids: [Int], _ names: Names) -> [String] {
    var result: [String] = []
    for id in ids { result.append(names.name(id) ?? "") }
    return result
}
