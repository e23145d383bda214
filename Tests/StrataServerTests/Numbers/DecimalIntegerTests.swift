import Testing

@testable import StrataServer

/// Integers as arguments: canonical form only, and nothing that doesn't fit.
@Suite struct DecimalIntegerTests {
    private func parse(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { DecimalInteger.parse(UnsafeRawBufferPointer($0)) }
    }

    private func parseCursor(_ text: String) -> UInt64? {
        var text = text
        return text.withUTF8 { DecimalInteger.parseCursor(UnsafeRawBufferPointer($0)) }
    }

    private func print(_ value: Int64) -> String {
        DecimalInteger.withText(of: value) { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        Int64(0), 1, -1, 9, 10, 99, 100, -10, 1_234_567_890, .max, .min, .max - 1, .min + 1, 999_999_999_999_999_999,
    ])
    func printsWhatItParses_andParsesWhatItPrints(_ value: Int64) {
        #expect(print(value) == String(value))
        #expect(parse(String(value)) == value)
    }

    @Test(arguments: [
        "", "-", "+1", "01", "-0", "-01", " 1", "1 ", "1.0", "1e3", "0x10", "abc", "1a", "--1", "9223372036854775808",
        "-9223372036854775809", "18446744073709551616", "99999999999999999999", "999999999999999999999",
    ])
    func refuses_whatIsNotCanonical(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test func parsesPowersAndTheirNeighbours() {
        for shift in 0..<63 {
            let power = Int64(1) << shift
            for value in [power - 1, power, power + 1, -power, -power - 1] {
                #expect(parse(print(value)) == value)
            }
        }
    }

    @Test(arguments: [
        ("0", UInt64(0)), ("18446744073709551615", .max), (" 12", 12), ("+7", 7), ("007", 7), ("\t5", 5), ("-0", 0),
        ("-01", .max),
    ])
    func readsCursorsLeniently(_ text: String, _ value: UInt64) {
        #expect(parseCursor(text) == value)
    }

    @Test(arguments: ["", "-", "-1", "1x", "x", "18446744073709551616", "1 ", " "])
    func refusesCursors_thatAreNoNumbers(_ text: String) {
        #expect(parseCursor(text) == nil)
    }
}
