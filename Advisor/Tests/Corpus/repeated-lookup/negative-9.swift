struct Lines {
    var text: [String]

    mutating func fill(_ index: Int) {
        if !text.contains("x") {
            text.insert("x", at: 0)
        }
    }
}
