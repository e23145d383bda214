func ranks(_ scores: [String: Int]) -> [String: Int] {
    var ranks: [String: Int] = [:]
    var rank = 0
    for (name, _) in scores.sorted(by: { $0.value > $1.value }) {
        rank += 1
        ranks[name] = rank // expect if asked: reserve-capacity
    }
    return ranks
}
