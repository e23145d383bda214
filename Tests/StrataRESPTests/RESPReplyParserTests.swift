import Foundation
import StrataRESP
import Testing

/// Replies of every type, in one piece and split everywhere.
@Suite
struct RESPReplyParserTests {
    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    // Not stored: the leak sanitizer doesn't know pointers in which an enum keeps its case.
    private static var examples: [(String, RESPValue)] {
        [
            ("+OK\r\n", .simpleString(text("OK"))),
            ("-ERR no\r\n", .error(text("ERR no"))),
            (":-42\r\n", .integer(-42)),
            (":9223372036854775807\r\n", .integer(.max)),
            (":-9223372036854775808\r\n", .integer(.min)),
            ("$0\r\n\r\n", .bulkString([])),
            ("$5\r\na\r\nbc\r\n", .bulkString(text("a\r\nbc"))),
            ("$-1\r\n", .null),
            ("*-1\r\n", .null),
            ("_\r\n", .null),
            ("#t\r\n", .boolean(true)),
            ("#f\r\n", .boolean(false)),
            (",1.5\r\n", .double(1.5)),
            (",-inf\r\n", .double(-.infinity)),
            ("(-12345678901234567890123\r\n", .bigNumber(text("-12345678901234567890123"))),
            ("=7\r\ntxt:abc\r\n", .verbatimString(format: text("txt"), text("abc"))),
            ("!6\r\nERR a\n\r\n", .error(text("ERR a\n"))),
            ("*0\r\n", .array([])),
            ("*2\r\n:1\r\n*1\r\n$1\r\nx\r\n", .array([.integer(1), .array([.bulkString(text("x"))])])),
            (
                "%1\r\n+a\r\n~2\r\n:1\r\n:2\r\n",
                .map([.init(.simpleString(text("a")), .set([.integer(1), .integer(2)]))])
            ),
            (
                ">2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n",
                .push([.simpleString(text("invalidate")), .array([.bulkString(text("k"))])])
            ),
            ("|1\r\n+ttl\r\n:3\r\n*2\r\n|1\r\n+a\r\n+b\r\n:1\r\n:2\r\n", .array([.integer(1), .integer(2)])),
            ("|0\r\n:1\r\n", .integer(1)),
        ]
    }

    /// All values in bytes that arrive in pieces which end at `ends`.
    private func parse(
        _ bytes: [UInt8], ends: [Int] = [], limits: RESPReplyParser.Limits = .init()
    ) -> ([RESPValue], RESPReplyError?) {
        var parser = RESPReplyParser(limits: limits)
        var values: [RESPValue] = []
        var offset = 0
        for end in ends + [bytes.count] {
            let failure = bytes[..<end].withUnsafeBytes { raw -> RESPReplyError? in
                while true {
                    switch parser.next(in: raw, from: &offset) {
                    case .value(let value): values.append(value)
                    case .incomplete: return nil
                    case .failure(let error): return error
                    }
                }
            }
            if let failure { return (values, failure) }
        }
        return (values, nil)
    }

    @Test
    func readsEveryType_howeverItIsSplit() {
        for (text, value) in Self.examples {
            let bytes = Array(text.utf8)
            #expect(parse(bytes).0 == [value], "\(text.debugDescription)")
            for end in 0...bytes.count {
                #expect(parse(bytes, ends: [end]).0 == [value], "\(text.debugDescription) at \(end)")
            }
            #expect(parse(bytes, ends: Array(0..<bytes.count)).0 == [value], "\(text.debugDescription) byte by byte")
        }
        let all = Self.examples.flatMap { Array($0.0.utf8) }
        #expect(parse(all, ends: Array(0..<all.count)).0 == Self.examples.map(\.1))
    }

    @Test(arguments: [
        ("x\r\n", RESPReplyError.unknownType(0x78)), ("$1x\r\n", .invalidNumber), (":\r\n", .invalidNumber),
        (":9223372036854775808\r\n", .invalidNumber), ("$-2\r\n", .invalidNumber), ("$1\r\nabc", .missingLineEnd),
        ("+a\rb\r\n", .missingLineEnd), ("#x\r\n", .invalidNumber), (",x\r\n", .invalidNumber),
        ("_x\r\n", .invalidNumber),
        ("*1\r\n>1\r\n", .nestedPush), ("=2\r\nab\r\n", .invalidNumber), ("$?\r\n", .invalidNumber),
        ("*99999999999\r\n", .tooManyElements),
        ("$9999999999\r\n", .bulkTooLong),
    ])
    func refusesWhatIsNoReply(_ text: String, _ error: RESPReplyError) {
        let bytes = Array(text.utf8)
        #expect(parse(bytes).1 == error)
        #expect(parse(bytes, ends: Array(0..<bytes.count)).1 == error)
    }

    @Test
    func keepsItsLimits() {
        var limits = RESPReplyParser.Limits()
        limits.depth = 3
        #expect(parse(Array("*1\r\n*1\r\n*1\r\n:1\r\n".utf8), limits: limits).1 == nil)
        #expect(parse(Array("*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n".utf8), limits: limits).1 == .tooDeep)
        limits = .init()
        limits.lineLength = 4
        #expect(parse(Array("+abcd\r\n".utf8), limits: limits).1 == nil)
        #expect(parse(Array("+abcde\r\n".utf8), limits: limits).1 == .lineTooLong)
        #expect(parse(Array("+abcdefghi".utf8), limits: limits).1 == .lineTooLong)
        limits = .init()
        limits.replyLength = 16
        #expect(parse(Array("*3\r\n:1\r\n:2\r\n:3\r\n".utf8), limits: limits).1 == nil)
        #expect(parse(Array("*4\r\n:1\r\n:2\r\n:3\r\n:4\r\n".utf8), limits: limits).1 == .replyTooLong)
    }

    @Test
    func survivesMutatedReplies_andReadsTheSameHoweverTheyAreSplit() {
        let seed =
            ProcessInfo.processInfo.environment["STRATA_FUZZ_SEED"].flatMap(UInt64.init)
            ?? UInt64.random(in: 1...UInt64.max)
        var generator = SplitMixSequence(state: seed)
        let alphabet = Array("+-:$*_#,(!=%~>|\r\n0123456789tf.\0x".utf8)
        for _ in 0..<20_000 {
            var bytes = (0..<3).flatMap { _ in Array(Self.examples.randomElement(using: &generator)!.0.utf8) }
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = alphabet.randomElement(using: &generator)!
            }
            let whole = parse(bytes)
            let split = parse(bytes, ends: [Int.random(in: 0...bytes.count, using: &generator)])
            let single = parse(bytes, ends: Array(0..<bytes.count))
            if whole.0 != split.0 || whole.1 != split.1 || whole.0 != single.0 || whole.1 != single.1 {
                Issue.record("seed \(seed): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
                return
            }
        }
    }

    @Test
    func writesCommandsAndReplies() {
        var bytes: [UInt8] = []
        let command = [Self.text("SET"), Self.text("k"), [UInt8](repeating: 1, count: 123)]
        RESPCommandEncoder.append(command, to: &bytes)
        #expect(bytes.count == RESPCommandEncoder.encodedLength(of: command))
        #expect(parse(bytes).0 == [.array(command.map { .bulkString($0) })])
        let writer = RESPWriter(version: 3)
        defer { writer.deallocate() }
        for (_, value) in Self.examples where !value.isError {
            writer.removeAll()
            writer.value(value)
            #expect(parse(Array(writer.bytes)).0 == [value])
        }
    }
}

/// SplitMix64: a seed gives one sequence.
private struct SplitMixSequence: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
