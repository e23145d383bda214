import Testing

@testable import StrataServer

/// Floating-point arguments and their plain decimal output.
@Suite struct LongDoubleTests {
    private func parse(_ text: String) -> LongDouble? {
        var text = text
        return text.withUTF8 { LongDouble(parsing: UnsafeRawBufferPointer($0)) }
    }

    private func print(_ number: LongDouble) -> String {
        number.withText { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("1", "1"), ("1.50", "1.5"), ("3.0e3", "3000"), ("+5", "5"),
        (".5", "0.5"), ("1.", "1"), ("0x1p3", "8"), ("1e-20", "0"), ("-1.5e-3", "-0.0015"),
        ("1e20", "100000000000000000000"),
        ("inf", "inf"), ("-INFINITY", "-inf"), ("9007199254740993", "9007199254740993"),
    ])
    func readsAndPrintsPlainDecimals(_ text: String, _ printed: String) throws {
        let number = try #require(parse(text))
        #expect(print(number) == printed)
    }

    @Test(arguments: [
        "", " 1", "1 ", "\t1", "1,5", "abc", "1e", "nan", "NaN", "nan(1)", "1e5000", "-1e5000", "1e-5000", "--1",
    ])
    func refuses_whatIsNoFiniteNumberOrInfinity(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test func refuses_textWithZeroBytesOrWithoutEnd() {
        #expect(parse("1\u{0}") == nil)
        #expect(parse("1\u{0}2") == nil)
        #expect(parse(String(repeating: "1", count: 5 * 1024)) == nil)
    }

    @Test func printsTenthsWithoutNoise_whenTheyAreAddedUp() throws {
        let tenth = try #require(parse("0.1"))
        let fifth = try #require(parse("0.2"))
        #expect(print(LongDouble(tenth.value + fifth.value)) == "0.3")
        #expect(print(LongDouble(LongDouble.Storage(3) + tenth.value)) == "3.1")
    }

    #if arch(x86_64)
        @Test func keepsMoreDigitsThanDouble_whereTheHardwareDoes() throws {
            let number = try #require(parse("17179869184"))
            #expect(print(LongDouble(number.value + 1.5)) == "17179869185.5")
            #expect(print(try #require(parse("1e300"))).count == 301)
        }
    #endif
}
