import Testing

@testable import StrataServer

/// Commands about the server, where clients and suites rely on their texts.
@Suite struct ServerCommandTests {
    private let run = CommandHarness()

    @Test func errorsShowNamesUpToAZeroByte() {
        #expect(run("ab\0cd", "x\0y", "z") == .error("ERR unknown command 'ab', with args beginning with: 'x' 'z' "))
        #expect(run("CONFIG", "x\0y") == .error("ERR unknown subcommand 'x'. Try CONFIG HELP."))
    }

    @Test func clusterCommandsSayWhatClientsLookFor() {
        #expect(run("CLUSTER", "INFO") == .error("ERR This instance has cluster support disabled"))
        #expect(run("lpush", "a", "b") == .error("ERR unknown command 'lpush': lists are not offered by this server"))
    }

    @Test func flushesOfWhatIsNotThereTakeTheirOptions() {
        for mode in ["SYNC", "async"] {
            #expect(run("FUNCTION", "FLUSH", mode) == .ok)
            #expect(run("SCRIPT", "FLUSH", mode) == .ok)
        }
        #expect(run("FUNCTION", "FLUSH", "x") == .error("ERR FUNCTION FLUSH only supports SYNC|ASYNC option"))
        #expect(run("SCRIPT", "FLUSH", "x") == .error("ERR SCRIPT FLUSH only support SYNC|ASYNC option"))
        #expect(run("SCRIPT", "KILL") == .error("NOTBUSY No scripts in execution right now."))
        #expect(run("FUNCTION", "HELP").elements.first?.description.hasPrefix("+FUNCTION <subcommand> ") == true)
        #expect(run("BGSAVE", "x") == .error("ERR syntax error"))
    }

    @Test func sharedIntegersAreNotShared_whenTheirUseIsCompared() {
        _ = run("SET", "n", "7")
        #expect(run("OBJECT", "REFCOUNT", "n") == 2_147_483_647)
        #expect(run("CONFIG", "SET", "maxmemory", "1gb", "maxmemory-policy", "allkeys-lru") == .ok)
        #expect(run("OBJECT", "REFCOUNT", "n") == 1)
        #expect(run("CONFIG", "SET", "maxmemory-policy", "allkeys-random") == .ok)
        #expect(run("OBJECT", "REFCOUNT", "n") == 2_147_483_647)
    }

    @Test func encodingIsWhatTheLimitsSay_howeverLargeTheyAre() {
        #expect(run("CONFIG", "SET", "hash-max-listpack-entries", "10000") == .ok)
        _ = run.run(["HSET", "h"].map { Array($0.utf8) } + (0..<3000).flatMap { [Array("f\($0)".utf8), [0x76]] })
        #expect(run("HLEN", "h") == 3000)
        #expect(run("OBJECT", "ENCODING", "h") == "listpack")
        _ = run("HEXPIRE", "h", "100", "FIELDS", "1", "f7")
        #expect(run("OBJECT", "ENCODING", "h") == "listpackex")
        #expect(run("CONFIG", "SET", "hash-max-listpack-entries", "100") == .ok)
        #expect(run("OBJECT", "ENCODING", "h") == "hashtable")
    }

    @Test func latencyGraphNamesHighAndLow() {
        _ = run("CONFIG", "SET", "latency-monitor-threshold", "1")
        _ = run("DEBUG", "SLEEP", "0.01")
        guard case .other(let text) = run("LATENCY", "GRAPH", "command") else {
            let text = run("LATENCY", "GRAPH", "command").text
            #expect(text.hasPrefix("command - high ") && text.contains(" ms, low "))
            return
        }
        Issue.record("unexpected reply \(text)")
    }

    @Test func keysOfRequestsAreToldWithTheirUse() {
        #expect(
            run("COMMAND", "GETKEYSANDFLAGS", "SET", "k", "v", "GET")
                == [["k", [.simple("RW"), .simple("access"), .simple("update")]]])
        #expect(
            run("COMMAND", "GETKEYSANDFLAGS", "COPY", "a", "b")
                == [["a", [.simple("RO"), .simple("access")]], ["b", [.simple("OW"), .simple("update")]]])
        #expect(run("COMMAND", "INFO", "nosuch") == [nil])
    }

    @Test func ratesAreTakenOverTheSamplesKept() {
        let meter = RateMeter()
        #expect(meter.rates.commands == 0)
        for second in 0..<30 {
            meter.sample(
                RateMeter.Totals(commands: second * 50, receivedBytes: second * 1000), at: second * 1_000_000_000)
        }
        #expect(meter.rates.commands == 50)
        #expect(meter.rates.receivedBytes == 1000)
        meter.sample(RateMeter.Totals(), at: 31_000_000_000)
        #expect(meter.rates.commands == 0, "CONFIG RESETSTAT begins anew")
    }
}
