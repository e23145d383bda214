import Testing

@testable import StrataServer

/// Commands on keys: existence, deadlines, moving, scanning, dumping.
@Suite struct KeyCommandTests {
    let run = CommandHarness()

    @Test func removalCountsWhatThereWas() {
        _ = run("MSET", "a", "1", "b", "2")
        #expect(run("EXISTS", "a", "b", "c", "a") == 3)
        #expect(run("DEL", "a", "c", "a") == 1)
        #expect(run("UNLINK", "b") == 1)
        #expect(run("DBSIZE") == 0)
        _ = run("SET", "e", "v", "PX", "5")
        run.now += 6
        #expect(run("DEL", "e") == 0)
    }

    @Test func deadlinesAreSetAndTold() {
        _ = run("SET", "k", "v")
        #expect(run("TTL", "none") == -2)
        #expect(run("TTL", "k") == -1)
        #expect(run("EXPIRE", "none", "10") == 0)
        #expect(run("EXPIRE", "k", "10") == 1)
        #expect(run("TTL", "k") == 10)
        #expect(run("PEXPIRE", "k", "1499") == 1)
        #expect(run("TTL", "k") == 1)
        #expect(run("PTTL", "k") == 1499)
        let time = run.unixMilliseconds + 5000
        #expect(run("PEXPIREAT", "k", "\(time)") == 1)
        #expect(run("PEXPIRETIME", "k") == .integer(time))
        #expect(run("EXPIRETIME", "k") == .integer((time + 500) / 1000))
        #expect(run("PERSIST", "k") == 1)
        #expect(run("PERSIST", "k") == 0)
        #expect(run("EXPIRE", "k", "-1") == 1)
        #expect(run("EXISTS", "k") == 0)
    }

    @Test func conditionsDecide() {
        _ = run("SET", "k", "v")
        #expect(run("EXPIRE", "k", "100", "XX") == 0)
        #expect(run("EXPIRE", "k", "100", "GT") == 0)
        #expect(run("EXPIRE", "k", "100", "LT") == 1)
        #expect(run("EXPIRE", "k", "200", "NX") == 0)
        #expect(run("EXPIRE", "k", "50", "gt") == 0)
        #expect(run("EXPIRE", "k", "200", "XX", "GT") == 1)
        #expect(run("EXPIRE", "k", "100", "LT", "XX") == 1)
        #expect(run("TTL", "k") == 100)
    }

    @Test(arguments: [
        ("EXPIRE k 9223372036854775807", "ERR invalid expire time in 'expire' command"),
        ("PEXPIRE k 9223372036854775807", "ERR invalid expire time in 'pexpire' command"),
        ("EXPIREAT k -9223372036854775808", "ERR invalid expire time in 'expireat' command"),
        ("EXPIRE k x", "ERR value is not an integer or out of range"),
        ("EXPIRE k 1 AB", "ERR Unsupported option AB"),
        ("EXPIRE k 1 NX XX", "ERR NX and XX, GT or LT options at the same time are not compatible"),
        ("EXPIRE k 1 GT LT", "ERR GT and LT options at the same time are not compatible"),
        ("COPY k k", "ERR source and destination objects are the same"),
        ("COPY k l DB 16", "ERR DB index is out of range"),
        ("MOVE k 0", "ERR source and destination objects are the same"),
        ("MOVE k -1", "ERR DB index is out of range"),
        ("MOVE k x", "ERR value is not an integer or out of range"),
        ("RENAME none k", "ERR no such key"),
        ("FLUSHDB NOW", "ERR syntax error"),
        ("RESTORE k 0 junk", "BUSYKEY Target key name already exists."),
        ("RESTORE l 0 junk", "ERR DUMP payload version or checksum are wrong"),
        ("RESTORE l -1 junk", "ERR Invalid TTL value, must be >= 0"),
        ("RESTORE l 0 junk FREQ 256", "ERR Invalid FREQ value, must be >= 0 and <= 255"),
        ("RESTORE l 0 junk IDLETIME 1 FREQ 1", "ERR syntax error"),
        ("SCAN x", "ERR invalid cursor"),
    ])
    func refusesNonsense(_ command: String, _ error: String) {
        _ = run("SET", "k", "v")
        #expect(run.line(command) == .error(error))
        #expect(run("GET", "k") == "v")
    }

    @Test func renamingTakesTheDeadlineAlong() {
        _ = run("HSET", "a", "f", "v")
        _ = run("HEXPIRE", "a", "50", "FIELDS", "1", "f")
        _ = run("EXPIRE", "a", "100")
        _ = run("SET", "b", "old")
        #expect(run("RENAMENX", "a", "b") == 0)
        #expect(run("RENAME", "a", "b") == .ok)
        #expect(run("EXISTS", "a") == 0)
        #expect(run("TTL", "b") == 100)
        #expect(run("HTTL", "b", "FIELDS", "1", "f") == [50])
        #expect(run("RENAME", "b", "b") == .ok)
        #expect(run("RENAMENX", "b", "b") == 0)
    }

    @Test func copyingAndMovingBetweenDatabases() {
        _ = run("SET", "k", "v", "EX", "100")
        #expect(run("COPY", "k", "l") == 1)
        #expect(run("COPY", "k", "l") == 0)
        #expect(run("COPY", "k", "l", "REPLACE") == 1)
        #expect(run("TTL", "l") == 100)
        #expect(run("COPY", "k", "k", "DB", "3") == 1)
        #expect(run("MOVE", "l", "3") == 1)
        #expect(run("MOVE", "k", "3") == 0)
        #expect(run("EXISTS", "k", "l") == 1)
        run.context.client.database = 3
        #expect(run("DBSIZE") == 2)
        #expect(run("TTL", "l") == 100)
        #expect(run("FLUSHDB", "ASYNC") == .ok)
        run.context.client.database = 0
        #expect(run("DBSIZE") == 1)
        #expect(run("FLUSHALL") == .ok)
        #expect(run("DBSIZE") == 0)
    }

    @Test func scanSeesEveryKey_andFilters() throws {
        for index in 0..<300 { _ = run("SET", "key\(index)", "v") }
        _ = run("HSET", "hash", "f", "v")
        var seen: [String] = []
        var cursor = "0"
        repeat {
            let reply = run("SCAN", cursor, "COUNT", "13").elements
            try #require(reply.count == 2)
            cursor = reply[0].text
            seen += reply[1].elements.map(\.description)
        } while cursor != "0"
        #expect(Set(seen).count == 301)
        #expect(run("SCAN", "0", "COUNT", "10000", "TYPE", "hash") == ["0", ["hash"]])
        #expect(run("SCAN", "0", "COUNT", "10000", "TYPE", "list") == ["0", []])
        #expect(run("SCAN", "0", "COUNT", "10000", "MATCH", "key17").sorted == Reply.array(["0", ["key17"]]).sorted)
        #expect(run("KEYS", "key1?").sorted.count == 10)
        #expect(run("KEYS", "*").sorted.count == 301)
    }

    @Test func scansWorkInsideATransaction() {
        _ = run("SET", "k", "v")
        #expect(run("MULTI") == .ok)
        for command in ["SCAN 0", "KEYS *", "RANDOMKEY", "HSCAN h 0", "OBJECT ENCODING k"] {
            #expect(run.line(command) == .simple("QUEUED"))
        }
        #expect(run("EXEC") == [["0", ["k"]], ["k"], "k", ["0", []], "embstr"])
    }

    @Test func scanRemovesWhatHasExpired() {
        for index in 0..<20 { _ = run("SET", "k\(index)", "v", "PX", index < 10 ? "5" : "500") }
        run.now += 6
        #expect(run("DBSIZE") == 20)
        #expect(run("SCAN", "0", "COUNT", "100").elements.last?.elements.count == 10)
        #expect(run("DBSIZE") == 10)
    }

    @Test func dumpedValuesComeBack() throws {
        _ = run("HSET", "h", "a", "1", "b", "2")
        _ = run("HEXPIRE", "h", "100", "FIELDS", "1", "a")
        _ = run("SET", "s", "text")
        for key in ["h", "s"] {
            let payload = try #require(dump(key))
            let restore = { (options: String...) in
                run.run(
                    [Array("RESTORE".utf8), Array("copy".utf8), Array("5000".utf8), payload]
                        + options.map { Array($0.utf8) })
            }
            #expect(restore("REPLACE") == .ok)
            #expect(run("PTTL", "copy") == 5000)
            #expect(restore() == .error("BUSYKEY Target key name already exists."))
            for index in payload.indices {
                var damaged = payload
                damaged[index] ^= 0x10
                let reply = run.run([Array("RESTORE".utf8), Array("x".utf8), Array("0".utf8), damaged])
                #expect(reply == .error("ERR DUMP payload version or checksum are wrong"))
            }
        }
        #expect(run("GET", "copy") == "text")
        #expect(run("DUMP", "none") == nil)
    }

    @Test func dumpedHashKeepsFieldDeadlines() throws {
        _ = run("HSET", "h", "a", "1", "b", "2")
        _ = run("HPEXPIRE", "h", "100", "FIELDS", "1", "a")
        let payload = try #require(dump("h"))
        run.now += 40
        #expect(run.run([Array("RESTORE".utf8), Array("c".utf8), Array("0".utf8), payload]) == .ok)
        #expect(run("HPTTL", "c", "FIELDS", "2", "a", "b") == [60, -1])
        #expect(run("PTTL", "c") == -1)
        run.now += 61
        #expect(run.run([Array("RESTORE".utf8), Array("c2".utf8), Array("0".utf8), payload]) == .ok)
        #expect(run("HGETALL", "c2") == ["b", "2"])
    }

    /// The server once ended when it rounded the latest possible deadline to seconds.
    @Test func theLatestDeadlineCanBeAskedFor() {
        _ = run("SET", "k", "v")
        #expect(run("PEXPIREAT", "k", "9223372036854775807") == 1)
        #expect(run("PEXPIRETIME", "k") == 9_223_372_036_854_775_807)
        #expect(run("EXPIRETIME", "k") == 9_223_372_036_854_776)
        #expect(run("TTL", "k") != -1)
        #expect(run("PTTL", "k") != -1)
    }

    /// The payload of a key, byte for byte.
    private func dump(_ key: String) -> [UInt8]? {
        guard run("DUMP", key) != nil else { return nil }
        let bytes = run.lastReplyBytes
        guard let lineEnd = bytes.firstIndex(of: 0x0a) else { return nil }
        return Array(bytes[(lineEnd + 1)..<(bytes.count - 2)])
    }
}
