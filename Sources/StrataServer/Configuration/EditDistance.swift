/// How far two words are apart, to guess what a misspelt one was meant to be.
enum EditDistance {
    /// The least number of characters to insert, remove or replace to turn one word into the other.
    ///
    /// - Complexity: O(n · m) steps; for option names.
    static func between(_ first: String, _ second: String) -> Int {
        let second = Array(second.utf8)
        var row = Array(0...second.count)
        for (i, character) in first.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in second.enumerated() {
                let replaced = diagonal + (character == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
            }
        }
        return row[second.count]
    }
}
