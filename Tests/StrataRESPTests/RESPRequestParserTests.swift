import StrataRESP
import Testing

/// What a parser makes of bytes that arrive in pieces.
struct ParsedRequests: Equatable {
    var requests: [[[UInt8]]] = []
    var failure: RESPProtocolError?

    /// Parses `bytes`, passed on in pieces that end at `ends` (ascending); the last piece goes to the end.
    ///
    /// - Returns: The result, and how many bytes the parser has looked at.
    static func parse(_ bytes: [UInt8], ends: [Int] = []) -> (result: ParsedRequests, inspected: Int) {
        var parser = RESPRequestParser()
        var result = ParsedRequests()
        var start = 0
        bytes.withUnsafeBytes { all in
            for end in ends + [bytes.count] {
                while start < end {
                    switch parser.next(in: UnsafeRawBufferPointer(rebasing: all[start..<end])) {
                    case .request(let length):
                        let arguments = parser.arguments
                        result.requests.append((0..<arguments.count).map { Array(arguments[$0]) })
                        start += length
                        continue
                    case .nothing(let length):
                        start += length
                        continue
                    case .incomplete:
                        break
                    case .failure(let error):
                        result.failure = error
                        return
                    }
                    break
                }
            }
        }
        return (result, parser.inspectedByteCount)
    }
}

@Suite
struct RESPRequestParserTests {
    private static let pipeline =
        "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n" + "PING\r\n" + "*3\r\n$3\r\nSET\r\n$0\r\n\r\n$4\r\na\r\nb\r\n"
        + "\r\n" + "*0\r\n" + "set \"a b\" 'c\\'d' \"\\x41\\n\"\r\n" + "*1\r\n$4\r\nQUIT\r\n"

    private static let expected: [[String]] = [
        ["GET", "key"], ["PING"], ["SET", "", "a\r\nb"], ["set", "a b", "c'd", "A\n"], ["QUIT"],
    ]

    private func texts(_ requests: [[[UInt8]]]) -> [[String]] {
        requests.map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    @Test
    func findsTheRequestsOfAPipeline() {
        let result = ParsedRequests.parse(Array(Self.pipeline.utf8)).result
        #expect(texts(result.requests) == Self.expected)
        #expect(result.failure == nil)
    }

    @Test
    func findsTheSame_whereverTheInputIsSplit() {
        let bytes = Array(Self.pipeline.utf8)
        for first in 0...bytes.count {
            for second in stride(from: first, through: bytes.count, by: 7) {
                let result = ParsedRequests.parse(bytes, ends: [first, second]).result
                #expect(texts(result.requests) == Self.expected, "split at \(first) and \(second)")
            }
        }
        #expect(texts(ParsedRequests.parse(bytes, ends: Array(1..<bytes.count)).result.requests) == Self.expected)
    }

    @Test(arguments: [
        ("*x\r\n", "invalid multibulk length"), ("*1048577\r\n", "invalid multibulk length"),
        ("*1\r\nPING\r\n", "expected '$', got 'P'"), ("*1\r\n$x\r\n", "invalid bulk length"),
        ("*1\r\n$-1\r\n", "invalid bulk length"), ("*1\r\n$536870913\r\n", "invalid bulk length"),
        ("set \"a\r\n", "unbalanced quotes in request"),
    ])
    func namesWhatIsWrong(input: String, message: String) {
        let failure = ParsedRequests.parse(Array(input.utf8)).result.failure
        #expect(failure?.message == "ERR Protocol error: " + message)
    }

    @Test
    func refusesAnEndlessLine() {
        let line = [UInt8](repeating: UInt8(ascii: "a"), count: RESPRequestParser.maximumLineLength + 2)
        #expect(ParsedRequests.parse(line).result.failure == .tooBigInlineRequest)
    }

    @Test
    func worksInProportionToTheInput_whenItArrivesByteByByte() {
        let value = String(repeating: "v", count: 20_000)
        let long = Array("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$20000\r\n\(value)\r\n".utf8)
        let whole = ParsedRequests.parse(long)
        let bytewise = ParsedRequests.parse(long, ends: Array(1..<long.count))
        #expect(bytewise.result == whole.result)
        #expect(bytewise.inspected < 400)
        let line = Array((String(repeating: "word ", count: 4_000) + "\r\n").utf8)
        #expect(ParsedRequests.parse(line, ends: Array(1..<line.count)).inspected < 4 * line.count)
    }
}
