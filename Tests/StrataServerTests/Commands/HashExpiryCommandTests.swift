import Testing

@testable import StrataServer

/// Deadlines of fields, on a compact hash and on a table alike.
@Suite struct HashExpiryCommandTests {
    static let sizes = [0, 600]

    private static func harness(_ fieldCount: Int) -> CommandHarness {
        let run = CommandHarness()
        for index in 0..<fieldCount { _ = run("HSET", "h", "filler\(index)", "\(index)") }
        _ = run("HSET", "h", "a", "1", "b", "2", "c", "3")
        return run
    }

    @Test(arguments: sizes) func fieldsExpireOneByOne(_ size: Int) {
        let run = Self.harness(size)
        #expect(run("HPEXPIRE", "h", "100", "FIELDS", "3", "a", "b", "none") == [1, 1, -2])
        #expect(run("HPTTL", "h", "FIELDS", "3", "a", "c", "none") == [100, -1, -2])
        run.now += 101
        #expect(run("HMGET", "h", "a", "b", "c") == [nil, nil, "3"])
        #expect(run("HEXISTS", "h", "a") == 0)
        #expect(run("HSTRLEN", "h", "a") == 0)
        #expect(run("HTTL", "h", "FIELDS", "2", "a", "c") == [-2, -1])
        #expect(run("HSET", "h", "a", "9") == 1)
        #expect(run("HTTL", "h", "FIELDS", "1", "a") == [-1])
        #expect(run("HGET", "h", "a") == "9")
    }

    @Test(arguments: sizes) func expiredFieldsCount_untilACommandComesAcrossThem(_ size: Int) {
        let run = Self.harness(size)
        _ = run("HSET", "h", "d", "4", "e", "5", "f", "6")
        _ = run("HPEXPIRE", "h", "5", "FIELDS", "6", "a", "b", "c", "d", "e", "f")
        run.now += 6
        let all = Int64(size + 6)
        #expect(run("HLEN", "h") == .integer(all))
        #expect(run("HGET", "h", "a") == nil)
        #expect(run("HLEN", "h") == .integer(all - 1))
        #expect(run("HEXISTS", "h", "b") == 0)
        #expect(run("HMGET", "h", "c", "b") == [nil, nil])
        #expect(run("HLEN", "h") == .integer(all - 3))
        #expect(run("HDEL", "h", "d") == 1)
        #expect(run("HGETDEL", "h", "FIELDS", "1", "e") == [nil])
        #expect(run("HLEN", "h") == .integer(all - 5))
        #expect(run("HRANDFIELD", "h", "1000").elements.count == size)
        #expect(run("HLEN", "h") == .integer(all - 6))
    }

    @Test func hashIsGone_onceAllItsFieldsHaveExpired() {
        let run = Self.harness(0)
        #expect(run("HPEXPIRE", "h", "5", "FIELDS", "3", "a", "b", "c") == [1, 1, 1])
        run.now += 6
        #expect(run("HGETALL", "h") == [])
        #expect(run("HRANDFIELD", "h") == nil)
        #expect(run("HGET", "h", "a") == nil)
    }

    @Test(arguments: sizes) func conditionsDecide(_ size: Int) {
        let run = Self.harness(size)
        #expect(run("HEXPIRE", "h", "100", "XX", "FIELDS", "1", "a") == [0])
        #expect(run("HEXPIRE", "h", "100", "GT", "FIELDS", "1", "a") == [0])
        #expect(run("HEXPIRE", "h", "100", "LT", "FIELDS", "1", "a") == [1])
        #expect(run("HEXPIRE", "h", "200", "NX", "FIELDS", "2", "a", "b") == [0, 1])
        #expect(run("HEXPIRE", "h", "200", "LT", "FIELDS", "1", "a") == [0])
        #expect(run("HEXPIRE", "h", "200", "GT", "FIELDS", "1", "a") == [1])
        #expect(run("HEXPIRE", "h", "50", "XX", "FIELDS", "1", "a") == [1])
        #expect(run("HTTL", "h", "FIELDS", "3", "a", "b", "c") == [50, 200, -1])
        #expect(run("HPERSIST", "h", "FIELDS", "3", "a", "c", "none") == [1, -1, -2])
        #expect(run("HTTL", "h", "FIELDS", "1", "a") == [-1])
    }

    @Test(arguments: sizes) func pastDeadlineRemovesTheField(_ size: Int) {
        let run = Self.harness(size)
        #expect(run("HEXPIRE", "h", "0", "FIELDS", "2", "a", "none") == [2, -2])
        #expect(run("HEXPIREAT", "h", "1", "FIELDS", "1", "b") == [2])
        #expect(run("HPEXPIREAT", "h", "1", "FIELDS", "2", "c", "c") == [2, -2])
        #expect(run("EXISTS", "h") == (size == 0 ? 0 : 1))
    }

    @Test func absoluteTimesComeBackExactly() {
        let run = Self.harness(0)
        let time = run.unixMilliseconds + 123_456
        #expect(run("HPEXPIREAT", "h", "\(time)", "FIELDS", "1", "a") == [1])
        #expect(run("HPEXPIRETIME", "h", "FIELDS", "1", "a") == [.integer(time)])
        #expect(run("HEXPIRETIME", "h", "FIELDS", "1", "a") == [.integer((time + 999) / 1000)])
    }

    @Test func setexStoresWithDeadline() {
        let run = Self.harness(0)
        #expect(run("HSETEX", "h", "EX", "10", "FIELDS", "2", "a", "x", "n", "y") == 1)
        #expect(run("HTTL", "h", "FIELDS", "2", "a", "n") == [10, 10])
        #expect(run("HSETEX", "h", "KEEPTTL", "FIELDS", "1", "a", "z") == 1)
        #expect(run("HTTL", "h", "FIELDS", "1", "a") == [10])
        #expect(run("HSETEX", "h", "FIELDS", "1", "a", "z") == 1)
        #expect(run("HTTL", "h", "FIELDS", "1", "a") == [-1])
        #expect(run("HSETEX", "h", "FNX", "FIELDS", "2", "new", "z", "a", "q") == 0)
        #expect(run("HSETEX", "h", "FXX", "FIELDS", "2", "new", "z", "a", "q") == 0)
        #expect(run("HGET", "h", "new") == nil)
        #expect(run("HSETEX", "none", "FXX", "FIELDS", "1", "a", "q") == 0)
        #expect(run("HSETEX", "none", "PXAT", "1", "FIELDS", "1", "a", "q") == 1)
        #expect(run("EXISTS", "none") == 0)
    }

    @Test func getexAndGetdel() {
        let run = Self.harness(0)
        #expect(run("HGETEX", "h", "EX", "10", "FIELDS", "2", "a", "none") == ["1", nil])
        #expect(run("HTTL", "h", "FIELDS", "1", "a") == [10])
        #expect(run("HGETEX", "h", "PERSIST", "FIELDS", "1", "a") == ["1"])
        #expect(run("HTTL", "h", "FIELDS", "1", "a") == [-1])
        #expect(run("HGETEX", "h", "PXAT", "1", "FIELDS", "2", "a", "a") == ["1", nil])
        #expect(run("HGETEX", "none", "FIELDS", "1", "a") == [nil])
        #expect(run("HGETDEL", "h", "FIELDS", "3", "b", "b", "c") == ["2", nil, "3"])
        #expect(run("EXISTS", "h") == 0)
        #expect(run("HGETDEL", "h", "FIELDS", "1", "b") == [nil])
    }

    @Test func incrementsKeepTheDeadline_andHsetDropsIt() {
        let run = Self.harness(0)
        _ = run("HEXPIRE", "h", "100", "FIELDS", "2", "a", "b")
        #expect(run("HINCRBY", "h", "a", "1") == 2)
        #expect(run("HINCRBYFLOAT", "h", "a", "1") == "3")
        _ = run("HSET", "h", "b", "x")
        #expect(run("HTTL", "h", "FIELDS", "2", "a", "b") == [100, -1])
    }

    @Test(arguments: [
        ("HEXPIRE h -1 FIELDS 1 a", "ERR invalid expire time, must be >= 0"),
        ("HEXPIRE h x FIELDS 1 a", "ERR value is not an integer or out of range"),
        ("HPEXPIRE h 70368744177664 FIELDS 1 a", "ERR invalid expire time in 'hpexpire' command"),
        ("HEXPIREAT h 9223372036854775 FIELDS 1 a", "ERR invalid expire time in 'hexpireat' command"),
        ("HEXPIRE h 1 NY FIELDS 1 a", "ERR Mandatory argument FIELDS is missing or not at the right position"),
        ("HEXPIRE h 1 FIELDS 0 a", "ERR Parameter `numFields` should be greater than 0"),
        ("HEXPIRE h 1 FIELDS 2 a", "ERR The `numfields` parameter must match the number of arguments"),
        ("HTTL h FIELDS 0 a", "ERR Number of fields must be a positive integer"),
        ("HTTL h FIELD 1 a", "ERR Mandatory argument FIELDS is missing or not at the right position"),
        ("HSETEX h EX 1 PX 1 FIELDS 1 a b", "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified"),
        ("HSETEX h FXX FNX FIELDS 1 a b", "ERR Only one of FXX or FNX arguments can be specified"),
        ("HSETEX h foo FIELDS 1 a b", "ERR unknown argument: foo"),
        ("HSETEX h FIELDS 2 a b", "ERR wrong number of arguments for 'hsetex' command"),
        ("HSETEX h FIELDS x a b", "ERR invalid number of fields"),
        ("HSETEX h FIELDS 1 a b EX 100", "ERR wrong number of arguments for 'hsetex' command"),
        ("HGETEX h EX 0 FIELDS 2 a", "ERR The `numfields` parameter must match the number of arguments"),
        ("HGETDEL h FIELDS -1 a", "ERR Number of fields must be a positive integer"),
    ])
    func refusesNonsense(_ command: String, _ error: String) {
        let run = Self.harness(0)
        #expect(run.line(command) == .error(error))
        #expect(run("HLEN", "h") == 3)
    }
}
