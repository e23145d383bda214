import Testing

@testable import StrataServer

/// Commands on hashes, on a compact one and on a table alike.
@Suite struct HashCommandTests {
    /// A hash with so many more fields that it is of the encoding to be tested.
    private static func harness(_ fieldCount: Int) -> CommandHarness {
        let run = CommandHarness()
        for index in 0..<fieldCount { _ = run("HSET", "h", "filler\(index)", "\(index)") }
        return run
    }

    static let sizes = [1, 600]

    @Test(arguments: sizes) func fieldsComeBack(_ size: Int) {
        let run = Self.harness(size)
        #expect(run("HSET", "h", "a", "1", "b", "2", "a", "3") == 2)
        #expect(run("HSET", "h", "a", "4") == 0)
        #expect(run("HGET", "h", "a") == "4")
        #expect(run("HGET", "h", "none") == nil)
        #expect(run("HGET", "none", "a") == nil)
        #expect(run("HMGET", "h", "a", "none", "b") == ["4", nil, "2"])
        #expect(run("HLEN", "h") == .integer(Int64(size + 2)))
        #expect(run("HEXISTS", "h", "b") == 1)
        #expect(run("HSTRLEN", "h", "filler0") == 1)
        #expect(run("HDEL", "h", "a", "b", "none", "a") == 2)
        #expect(run("HSETNX", "h", "filler0", "x") == 0)
        #expect(run("HSETNX", "h", "a", "x") == 1)
    }

    @Test(arguments: sizes) func wholeHashComesBack(_ size: Int) {
        let run = Self.harness(size)
        let expected = (0..<size).map { "\"filler\($0)\": \"\($0)\"" }.sorted()
        #expect(Reply.map(run("HGETALL", "h").elements).sorted == expected)
        #expect(run("HKEYS", "h").sorted == (0..<size).map { "\"filler\($0)\"" }.sorted())
        #expect(run("HVALS", "h").sorted == (0..<size).map { "\"\($0)\"" }.sorted())
        #expect(run("HGETALL", "none") == [])
        run.context.client.version = 3
        #expect(run("HGETALL", "h").sorted == expected)
        #expect(run("HGETALL", "none") == .map([]))
    }

    @Test func hashGoes_withItsLastField() {
        let run = CommandHarness()
        _ = run("HSET", "h", "f", "v")
        #expect(run("HDEL", "h", "f") == 1)
        #expect(run("EXISTS", "h") == 0)
    }

    @Test(arguments: [
        "HSET s f v", "HGET s f", "HMGET s f", "HGETALL s", "HDEL s f", "HLEN s", "HEXISTS s f", "HINCRBY s f 1",
        "HINCRBYFLOAT s f 1", "HRANDFIELD s", "HRANDFIELD s 2", "HSCAN s 0", "HEXPIRE s 1 FIELDS 1 f",
        "HTTL s FIELDS 1 f", "HPERSIST s FIELDS 1 f", "HSETEX s FIELDS 1 f v", "HGETEX s FIELDS 1 f",
        "HGETDEL s FIELDS 1 f", "HSETNX s f v", "HSTRLEN s f", "HKEYS s", "HVALS s", "HMSET s f v",
    ])
    func refusesAString(_ command: String) {
        let run = CommandHarness()
        _ = run("SET", "s", "v")
        #expect(run.line(command) == .error(CommandError.wrongType.text))
    }

    @Test func oddNumberOfArgumentsIsRefused() {
        let run = CommandHarness()
        #expect(run("HSET", "h", "a", "1", "b") == .error("ERR wrong number of arguments for 'hset' command"))
        #expect(run("HMSET", "h", "a", "1", "b") == .error("ERR wrong number of arguments for 'hmset' command"))
        #expect(run("HMSET", "h", "a", "1") == .ok)
    }

    @Test(arguments: sizes) func incrementsCheckValueAndOverflow(_ size: Int) {
        let run = Self.harness(size)
        #expect(run("HINCRBY", "h", "n", "5") == 5)
        #expect(run("HINCRBY", "h", "n", "-7") == -2)
        #expect(run("HINCRBY", "h", "n", "x") == .error("ERR value is not an integer or out of range"))
        _ = run("HSET", "h", "n", "9223372036854775807", "t", "text")
        #expect(run("HINCRBY", "h", "n", "1") == .error("ERR increment or decrement would overflow"))
        #expect(run("HINCRBY", "h", "t", "1") == .error("ERR hash value is not an integer"))
        #expect(run("HINCRBYFLOAT", "h", "t", "1") == .error("ERR hash value is not a float"))
        #expect(run("HINCRBYFLOAT", "h", "f", "10.50") == "10.5")
        #expect(run("HINCRBYFLOAT", "h", "f", "inf") == .error("ERR value is NaN or Infinity"))
        #expect(run("HINCRBYFLOAT", "h", "f", "nan") == .error("ERR value is not a valid float"))
    }

    @Test(arguments: sizes) func randomFieldsAreDistinct_forAPositiveCount(_ size: Int) {
        let run = Self.harness(size)
        let all = run("HRANDFIELD", "h", "10000").elements
        #expect(all.count == size)
        #expect(Set(all.map(\.description)).count == size)
        let some = run("HRANDFIELD", "h", "7").elements
        #expect(Set(some.map(\.description)).count == min(7, size))
        let drawn = run("HRANDFIELD", "h", "-1000").elements
        #expect(drawn.count == 1000)
        #expect(run("HRANDFIELD", "h", "0") == [])
        #expect(run("HRANDFIELD", "none") == nil)
        #expect(run("HRANDFIELD", "none", "5") == [])
    }

    @Test func randomFieldsAreDrawnEvenly() {
        let run = Self.harness(10)
        var counts: [String: Int] = [:]
        for _ in 0..<2000 {
            let drawn = run("HRANDFIELD", "h", "3").elements
            for field in drawn { counts[field.description, default: 0] += 1 }
        }
        // 600 each are expected; 450 is more than seven standard deviations off.
        #expect(counts.count == 10)
        #expect(counts.values.allSatisfy { (450...750).contains($0) })
    }

    @Test func randomFieldsRefuseNonsense() {
        let run = CommandHarness()
        #expect(run("HRANDFIELD", "h", "x") == .error("ERR value is not an integer or out of range"))
        #expect(run("HRANDFIELD", "h", "1", "withfoo") == .error("ERR syntax error"))
        #expect(run("HRANDFIELD", "h", "1", "withvalues", "x") == .error("ERR syntax error"))
        #expect(run("HRANDFIELD", "h", "9223372036854775807", "withvalues") == .error("ERR value is out of range"))
        _ = run("HSET", "h", "f", "v")
        #expect(run("HRANDFIELD", "h", "2", "withvalues") == ["f", "v"])
        run.context.client.version = 3
        #expect(run("HRANDFIELD", "h", "2", "withvalues") == [["f", "v"]])
    }

    @Test(arguments: sizes) func scanSeesEveryField(_ size: Int) throws {
        let run = Self.harness(size)
        var seen: Set<String> = []
        var cursor = "0"
        repeat {
            let reply = run("HSCAN", "h", cursor, "COUNT", "7", "NOVALUES").elements
            try #require(reply.count == 2)
            cursor = reply[0].text
            seen.formUnion(reply[1].elements.map(\.description))
        } while cursor != "0"
        #expect(seen.count == size)
    }

    @Test func scanFiltersAndRefuses() {
        let run = CommandHarness()
        _ = run("HSET", "h", "aa", "1", "ab", "2", "b", "3")
        #expect(run("HSCAN", "h", "0", "MATCH", "a?", "NOVALUES") == ["0", ["aa", "ab"]])
        #expect(run("HSCAN", "h", "0", "MATCH", "b") == ["0", ["b", "3"]])
        #expect(run("HSCAN", "h", "x") == .error("ERR invalid cursor"))
        #expect(run("HSCAN", "h", "0", "COUNT", "0") == .error("ERR syntax error"))
        #expect(run("HSCAN", "none", "0", "COUNT", "0") == ["0", []])
        #expect(run("SCAN", "0", "NOVALUES") == .error("ERR NOVALUES option can only be used in HSCAN"))
    }
}
