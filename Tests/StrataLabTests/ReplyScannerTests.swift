import StrataLab
import Testing

@Suite struct ReplyScannerTests {
    /// Scans the text in pieces of `pieceLength` bytes.
    private func replies(to text: String, pieceLength: Int) throws -> [ReplyScanner.Reply] {
        var scanner = ReplyScanner()
        var replies: [ReplyScanner.Reply] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: pieceLength) {
            let piece = Array(bytes[start..<min(start + pieceLength, bytes.count)])
            try piece.withUnsafeBytes { raw in
                try scanner.scan(raw) { replies.append($0) }
            }
        }
        return replies
    }

    @Test(arguments: [1, 2, 3, 5, 7, 1000])
    func findsReplies_whereverTheyAreCut(pieceLength: Int) throws {
        let text = "+OK\r\n$-1\r\n$0\r\n\r\n$5\r\na\r\nb\n\r\n:1\r\n:-7\r\n_\r\n-ERR no\r\n"
        #expect(
            try replies(to: text, pieceLength: pieceLength) == [
                .simple, .null, .value(byteCount: 0), .value(byteCount: 5), .integer(1), .integer(-7), .null,
                .error("ERR no"),
            ])
    }

    @Test(arguments: ["HTTP/1.1 400\r\n", "$x\r\n", ":\r\n", "\r\n", "*2\r\n"])
    func throws_whenReplyIsUnknown(text: String) {
        #expect(throws: ReplyScanner.UnexpectedReply.self) { try replies(to: text, pieceLength: 100) }
    }
}
