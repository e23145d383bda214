import Testing

@testable import StrataServer

/// Commands on strings: replies, conditions, limits and error texts.
@Suite struct StringCommandTests {
    let run = CommandHarness()

    @Test func getReturnsWhatWasSet_andNullForNothing() {
        #expect(run("GET", "k") == nil)
        #expect(run("SET", "k", "v") == .ok)
        #expect(run("GET", "k") == "v")
        #expect(run("SET", "k", "") == .ok)
        #expect(run("GET", "k") == "")
    }

    @Test(arguments: [
        "GET h", "STRLEN h", "GETRANGE h 0 1", "APPEND h x", "SETRANGE h 0 x", "INCR h", "INCRBYFLOAT h 1",
        "GETSET h x", "GETDEL h", "GETEX h", "SET h x GET",
    ])
    func refusesAHash(_ command: String) {
        _ = run("HSET", "h", "f", "v")
        #expect(run.line(command) == .error(CommandError.wrongType.text))
        #expect(run("HGET", "h", "f") == "v")
    }

    @Test func setReplacesAHash_andItsDeadline() {
        _ = run("HSET", "k", "f", "v")
        _ = run("EXPIRE", "k", "100")
        #expect(run("SET", "k", "v") == .ok)
        #expect(run("TTL", "k") == -1)
        #expect(run("TYPE", "k") == .simple("string"))
    }

    @Test func setObeysItsConditions() {
        #expect(run("SET", "k", "a", "XX") == nil)
        #expect(run("SET", "k", "a", "NX") == .ok)
        #expect(run("SET", "k", "b", "nx") == nil)
        #expect(run("SET", "k", "b", "xx") == .ok)
        #expect(run("SET", "k", "c", "GET") == "b")
        #expect(run("SET", "k", "d", "NX", "GET") == "c")
        #expect(run("SET", "n", "x", "NX", "GET") == nil)
        #expect(run("GET", "n") == "x")
        #expect(run("GET", "k") == "c")
    }

    @Test(arguments: [
        "SET k v NX XX", "SET k v EX 1 PX 1", "SET k v EX", "SET k v KEEPTTL EX 1", "SET k v EX 1 KEEPTTL",
        "SET k v foo",
        "SET k v PERSIST", "GETEX k EX 1 PERSIST", "GETEX k KEEPTTL", "GETEX k NX", "SET k v EXAT 1 EX 2",
    ])
    func refusesOptionsThatExcludeEachOther(_ command: String) {
        #expect(run.line(command) == .error("ERR syntax error"))
    }

    @Test(arguments: [
        ("SET k v EX 0", "set"), ("SET k v PX -1", "set"), ("SET k v EX 9223372036854775807", "set"),
        ("SET k v PX 9223372036854775807", "set"), ("SETEX k 0 v", "setex"), ("PSETEX k -5 v", "psetex"),
        ("SET k v EXAT 0", "set"), ("SET k v EX 9223372036854776", "set"),
    ])
    func refusesDeadlinesOutOfRange(_ command: String, _ name: String) {
        #expect(run.line(command) == .error("ERR invalid expire time in '\(name)' command"))
        #expect(run("EXISTS", "k") == 0)
    }

    @Test func setKeepsOrReplacesTheDeadline() {
        #expect(run("SET", "k", "v", "PX", "1500") == .ok)
        #expect(run("PTTL", "k") == 1500)
        #expect(run("SET", "k", "w", "KEEPTTL") == .ok)
        #expect(run("PTTL", "k") == 1500)
        #expect(run("SET", "k", "w") == .ok)
        #expect(run("PTTL", "k") == -1)
        #expect(run("SET", "k", "w", "PXAT", "\(run.unixMilliseconds + 700)") == .ok)
        #expect(run("PTTL", "k") == 700)
        #expect(run("SET", "k", "w", "PXAT", "1") == .ok)
        #expect(run("EXISTS", "k") == 0)
    }

    @Test func valueIsGone_onceItsDeadlineHasPassed() {
        _ = run("SET", "k", "v", "PX", "10")
        run.now += 9
        #expect(run("GET", "k") == "v")
        run.now += 2
        #expect(run("GET", "k") == nil)
        #expect(run("EXISTS", "k") == 0)
        #expect(run("SET", "k", "v", "XX") == nil)
    }

    @Test func getexChangesTheDeadline() {
        _ = run("SET", "k", "v")
        #expect(run("GETEX", "k", "EX", "10") == "v")
        #expect(run("TTL", "k") == 10)
        #expect(run("GETEX", "k") == "v")
        #expect(run("TTL", "k") == 10)
        #expect(run("GETEX", "k", "PERSIST") == "v")
        #expect(run("TTL", "k") == -1)
        #expect(run("GETEX", "k", "EXAT", "1") == "v")
        #expect(run("GET", "k") == nil)
        #expect(run("GETEX", "k", "EX", "abc") == nil)
    }

    @Test func incrementsCheckValueAndOverflow() {
        #expect(run("INCR", "n") == 1)
        #expect(run("INCRBY", "n", "9223372036854775806") == 9_223_372_036_854_775_807)
        #expect(run("INCR", "n") == .error("ERR increment or decrement would overflow"))
        #expect(run("SET", "n", "-9223372036854775808") == .ok)
        #expect(run("DECR", "n") == .error("ERR increment or decrement would overflow"))
        #expect(run("DECRBY", "n", "-9223372036854775808") == .error("ERR decrement would overflow"))
        #expect(run("INCRBY", "n", "1.5") == .error("ERR value is not an integer or out of range"))
        _ = run("SET", "n", " 5")
        #expect(run("INCR", "n") == .error("ERR value is not an integer or out of range"))
    }

    @Test func incrementsKeepTheDeadline() {
        _ = run("SET", "n", "5", "EX", "100")
        #expect(run("INCR", "n") == 6)
        #expect(run("INCRBYFLOAT", "n", "0.5") == "6.5")
        #expect(run("APPEND", "n", "1") == 4)
        #expect(run("SETRANGE", "n", "0", "7") == 4)
        #expect(run("TTL", "n") == 100)
        #expect(run("GET", "n") == "7.51")
    }

    @Test func floatIncrementsPrintPlainDecimals() {
        #expect(run("INCRBYFLOAT", "f", "10.50") == "10.5")
        #expect(run("INCRBYFLOAT", "f", "0.1") == "10.6")
        #expect(run("INCRBYFLOAT", "f", "-5.0e0") == "5.6")
        #expect(run("INCRBYFLOAT", "f", "x") == .error("ERR value is not a valid float"))
        #expect(run("INCRBYFLOAT", "f", "inf") == .error("ERR increment would produce NaN or Infinity"))
    }

    @Test func partsOfStrings() {
        _ = run("SET", "k", "Hello World")
        #expect(run("GETRANGE", "k", "0", "4") == "Hello")
        #expect(run("GETRANGE", "k", "-5", "-1") == "World")
        #expect(run("GETRANGE", "k", "5", "1") == "")
        #expect(run("GETRANGE", "k", "-1", "-5") == "")
        #expect(run("GETRANGE", "k", "0", "9223372036854775807") == "Hello World")
        #expect(run("GETRANGE", "k", "-9223372036854775808", "9223372036854775807") == "Hello World")
        #expect(run("SUBSTR", "k", "0", "0") == "H")
        #expect(run("SETRANGE", "k", "6", "Redis") == 11)
        #expect(run("GET", "k") == "Hello Redis")
        #expect(run("SETRANGE", "z", "3", "x") == 4)
        #expect(run("GET", "z") == "\0\0\0x")
        #expect(run("SETRANGE", "e", "5", "") == 0)
        #expect(run("EXISTS", "e") == 0)
        #expect(run("SETRANGE", "k", "-1", "x") == .error("ERR offset is out of range"))
        #expect(
            run("SETRANGE", "k", "536870912", "x")
                == .error("ERR string exceeds maximum allowed size (proto-max-bulk-len)"))
    }

    @Test func severalAtOnce() {
        #expect(run("MSET", "a", "1", "b", "2") == .ok)
        _ = run("HSET", "h", "f", "v")
        #expect(run("MGET", "a", "h", "c", "b", "a") == ["1", nil, nil, "2", "1"])
        #expect(run("MSET", "a", "1", "b") == .error("ERR wrong number of arguments for 'mset' command"))
        #expect(run("MSETNX", "c", "1", "a", "2") == 0)
        #expect(run("EXISTS", "c") == 0)
        #expect(run("MSETNX", "c", "1", "d", "2", "c", "3") == 1)
        #expect(run("GET", "c") == "3")
    }

    @Test func encodingsAreNamed() {
        _ = run("SET", "i", "123")
        _ = run("SET", "e", String(repeating: "x", count: 44))
        _ = run("SET", "r", String(repeating: "x", count: 45))
        #expect(run("OBJECT", "ENCODING", "i") == "int")
        #expect(run("OBJECT", "ENCODING", "e") == "embstr")
        #expect(run("OBJECT", "ENCODING", "r") == "raw")
        #expect(run("OBJECT", "ENCODING", "none") == nil)
    }

    @Test func longestCommonSubsequence() {
        _ = run("MSET", "a", "ohmytext", "b", "mynewtext")
        #expect(run("LCS", "a", "b") == "mytext")
        #expect(run("LCS", "a", "b", "LEN") == 6)
        #expect(
            run("LCS", "a", "b", "IDX", "MINMATCHLEN", "4", "WITHMATCHLEN")
                == ["matches", [[[4, 7], [5, 8], 4]], "len", 6])
        #expect(run("LCS", "a", "none") == "")
    }
}
