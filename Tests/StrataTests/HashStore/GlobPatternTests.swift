import Testing

@testable import Strata

@Suite struct GlobPatternTests {
    private func matches(_ pattern: String, _ string: String, ignoringCase: Bool = false) -> Bool {
        withBytes(pattern) { pattern in
            withBytes(string) { GlobPattern.matches(pattern, $0, ignoringCase: ignoringCase) }
        }
    }

    @Test(arguments: [
        ("", ""), ("*", "anything"), ("**", "x"), ("a*", "a"), ("a*", "abc"), ("*c", "abc"), ("a*c", "abc"),
        ("a*c", "ac"), ("a*b*c", "a1b2c"), ("*a*b*", "xxaxxbxx"), ("h?llo", "hello"), ("h??lo", "hello"),
        ("h[ae]llo", "hallo"), ("h[a-e]llo", "hcllo"), ("h[e-a]llo", "hcllo"), ("h[^e]llo", "hallo"),
        ("h[^a-d]llo", "hello"), ("\\*", "*"), ("a\\?c", "a?c"), ("\\[a]", "[a]"), ("[\\]]", "]"), ("[\\-a]", "-"),
        ("a\\", "a\\"), ("[abc", "b"), ("user:*:name", "user:17:name"), ("*[0-9]", "key7"), ("?*?", "ab"),
        ("*aab", "aaaab"),
    ])
    func matchesWhole(pattern: String, string: String) {
        #expect(matches(pattern, string))
    }

    @Test(arguments: [
        ("", "a"), ("*", ""), ("a", ""), ("a", "b"), ("a", "ab"), ("ab", "a"), ("?", ""), ("h?llo", "hllo"),
        ("h[ae]llo", "hillo"),
        ("h[^e]llo", "hello"), ("h[a-c]llo", "hello"), ("[]", "]"), ("[]", "a"), ("\\*", "a"), ("a\\?c", "abc"),
        ("a*b", "ac"), ("*a*b*", "ba"), ("[abc", "d"), ("Hello", "hello"), ("a*", "ba"), ("[", "["),
    ])
    func rejects(pattern: String, string: String) {
        #expect(!matches(pattern, string))
    }

    @Test func ignoresCase_whenAsked() {
        #expect(matches("HELLO*", "helloWORLD", ignoringCase: true))
        #expect(matches("[A-C]x", "bX", ignoringCase: true))
        #expect(!matches("HELLO", "hello"))
        #expect(!matches("[^a]", "A", ignoringCase: true))
    }

    @Test func rangeEndMayBeABracket_asInRedis() {
        // `[a-]` is the range from `a` to `]`, which leaves the set open to the end of the pattern.
        #expect(matches("[a-]", "a"))
        #expect(matches("[a-]", "^"))
        #expect(!matches("[a-]", "b"))
    }

    @Test func knowsLiterals() {
        for (pattern, isLiteral) in [
            ("abc:1", true), ("", true), ("a*", false), ("a?", false), ("[a]", false), ("a\\b", false),
        ] {
            #expect(withBytes(pattern) { GlobPattern.isLiteral($0) } == isLiteral, "\(pattern)")
        }
    }

    @Test func staysFast_whenPatternsArePathological() {
        let long = String(repeating: "a", count: 5_000)
        let stars = String(repeating: "a*", count: 500) + "b"
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(!matches(stars, long))
            #expect(!matches(String(repeating: "*", count: 5_000) + "b", long))
            #expect(!matches(String(repeating: "*?", count: 500) + "b", long))
            #expect(!matches(String(repeating: "*[a-z]", count: 200) + "0", long))
        }
        // Exponential patterns would take longer than the universe; the product of the lengths takes milliseconds.
        #expect(time < .seconds(10))
    }

    @Test func agreesWithBacktracking_whenInputsAreRandom() {
        var random = SeededGenerator(seed: 99)
        for _ in 0..<20_000 {
            let pattern = String(
                (0..<random.number(0..<7)).map { _ in "ab*?".randomElement(using: &random).unsafelyUnwrapped })
            let string = String(
                (0..<random.number(0..<7)).map { _ in "ab".randomElement(using: &random).unsafelyUnwrapped })
            // No bytes match nothing but the empty pattern.
            let expected = string.isEmpty ? pattern.isEmpty : simple(Array(pattern), Array(string))
            #expect(matches(pattern, string) == expected, "\(pattern) against \(string)")
        }
    }

    private func simple(_ pattern: [Character], _ string: [Character]) -> Bool {
        guard let first = pattern.first else { return string.isEmpty }
        let rest = Array(pattern.dropFirst())
        if first == "*" { return (0...string.count).contains { simple(rest, Array(string.dropFirst($0))) } }
        guard let character = string.first else { return false }
        return (first == "?" || first == character) && simple(rest, Array(string.dropFirst()))
    }
}
