protocol Token {}
struct Word: Token {
    let text: Substring
}
func tokens(_ text: String) -> [any Token] {
    var result: [any Token] = []
    for part in text.split(separator: " ") {
        let word = Word(text: part)
        result.append(word) // expect: existential-in-loop
    }
    return result
}
