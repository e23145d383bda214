import StrataRESP
import Testing

@Suite
struct RESPRequestParserBatchTests {
    /// Parses `bytes` in batches of at most `size` requests, arriving in pieces that end at `ends`.
    private func parse(_ bytes: [UInt8], batchSize size: Int, ends: [Int]) -> [[String]] {
        var parser = RESPRequestParser()
        var requests: [[String]] = []
        var start = 0
        bytes.withUnsafeBytes { all in
            for end in ends + [bytes.count] {
                while true {
                    var found: [(RESPRequestParser.Request, UnsafeRawPointer)] = []
                    parser.beginBatch()
                    var outcome = RESPRequestParser.Outcome.incomplete
                    repeat {
                        let rest = UnsafeRawBufferPointer(rebasing: all[start..<end])
                        outcome = parser.next(in: rest)
                        if case .nothing(let length) = outcome { start += length }
                        guard case .request(let length) = outcome, let base = rest.baseAddress else { break }
                        found.append((parser.lastRequest, parser.inlineBaseOfLastRequest ?? base))
                        start += length
                    } while found.count < size && !parser.isLastRequestInline
                    for (request, base) in found {
                        let arguments = parser.arguments(of: request, in: base)
                        requests.append((0..<arguments.count).map { String(decoding: arguments[$0], as: UTF8.self) })
                    }
                    if case .incomplete = outcome { break }
                }
            }
        }
        return requests
    }

    @Test
    func keepsTheRequestsOfABatch_whereverTheInputIsSplit() {
        let pipeline = Array(
            ("*2\r\n$3\r\nGET\r\n$1\r\na\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$2\r\nbb\r\nPING 'x y'\r\n\r\n"
                + "*5\r\n$4\r\nMGET\r\n$1\r\n1\r\n$1\r\n2\r\n$1\r\n3\r\n$1\r\n4\r\n*1\r\n$4\r\nQUIT\r\n").utf8)
        let expected = [["GET", "a"], ["SET", "b", "bb"], ["PING", "x y"], ["MGET", "1", "2", "3", "4"], ["QUIT"]]
        for size in 1...5 {
            for first in 0...pipeline.count {
                #expect(
                    parse(pipeline, batchSize: size, ends: [first]) == expected, "batches of \(size), split at \(first)"
                )
            }
            #expect(parse(pipeline, batchSize: size, ends: Array(1..<pipeline.count)) == expected)
        }
    }

    @Test
    func startsAnew_afterReset() {
        var parser = RESPRequestParser()
        let bytes = Array("*2\r\n$3\r\nGET\r\n$1\r\na\r\n".utf8)
        bytes.withUnsafeBytes { all in
            let first = parser.next(in: UnsafeRawBufferPointer(rebasing: all[..<9]))
            #expect(first == .incomplete)
            parser.reset()
            let isInside = parser.isInsideRequest
            #expect(!isInside)
            let second = parser.next(in: all)
            #expect(second == .request(length: all.count))
        }
        let count = parser.arguments.count
        #expect(count == 2)
    }
}
