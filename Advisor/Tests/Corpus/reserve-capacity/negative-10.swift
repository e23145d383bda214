func parse(_ text: String) -> [Substring: Int] {
    var counts: [Substring: Int] = [:]
    for word in text.split(separator: " ") {
        guard word.count > 3 else { continue }
        counts[word] = word.count
    }
    return counts
}
