func distinct(_ words: [String]) -> Set<String> {
    var result = Set<String>()
    for word in words {
        result.insert(word.lowercased()) // expect: reserve-capacity
    }
    return result
}
