// Values aren't collections.
struct Scores {
    var scores: [String: Int] = [:]

    mutating func add(_ points: Int, to name: String) {
        var score = scores[name] ?? 0
        score += points
        scores[name] = score
    }
}
