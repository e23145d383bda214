final class Token {
    let text: String
    let line: Int
    init(_ text: String, _ line: Int) {
        self.text = text
        self.line = line
    }
}
func tokens(_ lines: [String]) -> [Token] {
    lines.enumerated().map { Token($0.element, $0.offset) } // expect: class-in-loop
}
