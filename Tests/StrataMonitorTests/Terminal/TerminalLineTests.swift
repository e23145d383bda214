import StrataMonitor
import Testing

@Suite struct TerminalLineTests {
    @Test func isCutToTheWidth_withoutCuttingControlSequences() {
        var line = TerminalLine("abc", .good)
        line.add("defgh")
        #expect(line.width == 8)
        #expect(line.text(limit: 5, hasColours: false) == "abcde")
        #expect(line.text(limit: 5, hasColours: true) == "\u{1b}[32mabc\u{1b}[0mde")
        #expect(line.text(limit: 0, hasColours: true) == "")
    }

    @Test func controlCharactersAreLeftOut() {
        #expect(TerminalLine("a\u{1b}[2Jb\nc\u{7}\u{202e}d").text(limit: 80, hasColours: false) == "a[2Jbcd")
    }

    @Test(arguments: [("abc", 3), ("日本", 4), ("e\u{301}", 1), ("🔥", 2), ("…", 1), ("", 0)])
    func knowsHowWideTextsAre(text: String, width: Int) {
        #expect(TerminalLine.width(of: text) == width)
    }

    @Test(arguments: [("abc", 5, "abc  "), ("abcdef", 4, "abc…"), ("日本語", 4, "日… "), ("abc", 0, "")])
    func fitsTexts(text: String, width: Int, fitted: String) {
        #expect(TerminalLine.fitted(text, to: width) == fitted)
    }

    @Test func sparksEndAtTheNewestValue() {
        #expect(TerminalPictures.spark([0, 1, 2, 4, 8], width: 5) == "▁▁▂▄█")
        #expect(TerminalPictures.spark([8, nil, 8], width: 5) == "  █ █")
        #expect(TerminalPictures.spark([1, 3, 1, 3], width: 2, top: 4) == "▄▄")
        #expect(TerminalPictures.spark([], width: 3) == "   ")
    }

    @Test func barsShowTheirBounds() {
        #expect(TerminalPictures.bar(0.5, width: 4) == "██  ")
        #expect(TerminalPictures.bar(0.5, from: 0.25, to: 0.75, width: 8) == "██▓▓░░  ")
        #expect(TerminalPictures.meter(0.5, width: 4) == "██░░")
        #expect(TerminalPictures.meter(.nan, width: 4) == "░░░░")
        #expect(TerminalPictures.meter(7, width: 4) == "████")
    }

    @Test(
        arguments: [
            ([0x1b, 0x5b, 0x41], [.up]), ([0x1b, 0x4f, 0x42], [.down]), ([0x1b], [.escape]), ([13], [.enter]),
            ([3], [.end]),
            (Array("q?".utf8), [.character("q"), .character("?")]), ([0x1b, 0x5b, 0x31, 0x3b, 0x35, 0x43], [.right]),
            ([0x1b, 0x5b, 0x33, 0x7e], []),
            ([0x1b, 0x5b], []), ([0xff], []),
        ] as [([UInt8], [TerminalKey])])
    func readsKeys(bytes: [UInt8], keys: [TerminalKey]) {
        #expect(TerminalKey.keys(in: bytes) == keys)
    }
}
