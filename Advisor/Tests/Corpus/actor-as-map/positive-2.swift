actor Scores { // expect: actor-as-map
    var scores = [String: Int]()

    func score(_ name: String) -> Int { scores[name] ?? 0 }
    func add(_ points: Int, _ name: String) { scores[name, default: 0] += points }
    func remove(_ name: String) { scores[name] = nil }
}
