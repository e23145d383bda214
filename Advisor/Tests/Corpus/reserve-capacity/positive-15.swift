func model() -> [Int: String] {
    var model: [Int: String] = [:]
    for key in 0..<3_000 {
        model.updateValue("\(key)", forKey: key) // expect if asked: reserve-capacity
    }
    return model
}
