// Sets are filled to be rid of repetitions: how many elements are left isn't known.
func distinct(_ words: [String]) -> Set<String> {
    var result = Set<String>()
    for word in words {
        result.insert(word.lowercased())
    }
    return result
}
