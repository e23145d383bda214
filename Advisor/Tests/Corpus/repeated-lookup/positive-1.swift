func count(_ words: [String]) -> [String: Int] {
    var counts: [String: Int] = [:]
    for word in words {
        if counts[word] != nil {
            counts[word]! += 1 // expect: repeated-lookup
        } else {
            counts[word] = 1
        }
    }
    return counts
}
