import Strata
import Testing

@testable import StrataMonitor

@Suite struct TerminalDashboardTests {
    /// A snapshot with something in everything, of a map that is really used.
    private static func snapshot(maps: Int = 3) throws -> (snapshot: DashboardSnapshot, detail: DashboardMap) {
        let time = ManualTime()
        let registry = MapRegistry()
        let monitor = MapMonitor(registry: registry, clock: time.clock, process: { ProcessFigures() })
        let recorder = DashboardRecorder(monitor: monitor) {
            var facts = DashboardFacts()
            facts.version = "1.2.3"
            facts.role = "store"
            facts.memoryLimit = 1 << 30
            facts.makesRoom = true
            facts.connections = 3
            return facts
        }
        var kept: [(ConcurrentMap<Int, Int>, Registration)] = []
        for number in 0..<maps {
            let map = ConcurrentMap<Int, Int>()
            kept.append((map, try registry.register(map, name: number == 0 ? "日本 sessions" : "map \(number)")))
            for key in 0..<500 { map.updateValue(key, forKey: key) }
        }
        for second in 0..<90 {
            let operations = registry.maps[0].recorder
            for _ in 0..<20 {
                operations.observe(
                    OperationSample(.get, nanoseconds: 500 << (second % 9), weight: 50, wasFound: true, hash: 7)
                ) { "key\u{1b}[31m:7" }
            }
            time.advance(seconds: 1)
            monitor.tick()
            recorder.record()
        }
        registry.journal.record(.evictionStorm, "map 1", time: time.now - 5, 900, 10)
        time.advance(seconds: 1)
        monitor.tick()
        recorder.record()
        time.advance(seconds: 1)
        monitor.tick()
        recorder.record()
        return try withExtendedLifetime(kept) { (recorder.snapshot(), try #require(recorder.map("日本 sessions"))) }
    }

    @Test(arguments: [(20, 4), (40, 10), (80, 24), (100, 30), (160, 50), (300, 120)])
    func fillsTheScreenAndNoMore(width: Int, height: Int) throws {
        let (snapshot, detail) = try Self.snapshot()
        for view in [TerminalDashboard.View.overview, .map("日本 sessions"), .help] {
            var dashboard = TerminalDashboard(width: width, height: height)
            dashboard.view = view
            let lines = dashboard.lines(snapshot, detail: detail)
            #expect(lines.count == height)
            for line in lines {
                let text = line.text(limit: width, hasColours: false)
                #expect(TerminalLine.width(of: text) <= width)
                #expect(!text.unicodeScalars.contains { $0.value < 32 })
            }
        }
    }

    @Test func saysTheMostImportantFirst() throws {
        let (snapshot, _) = try Self.snapshot()
        var dashboard = TerminalDashboard(width: 100, height: nil)
        dashboard.isInteractive = false
        let texts = dashboard.lines(snapshot).map { $0.text(limit: 100, hasColours: false) }
        #expect(texts[0].contains("1.2.3 · store"))
        #expect(texts[0].contains("● live"))
        #expect(texts[1].contains(snapshot.state.health.headline))
        let all = texts.joined(separator: "\n")
        for expected in [
            "Requests", "Latency", "eviction storm", "日本 sessions", "Hot keys", #"key\u{1b}[31m:7"#, "Shards",
        ] {
            #expect(all.contains(expected), "\(expected) is missing in:\n\(all)")
        }
        #expect(!all.contains("q quit"))
    }

    @Test func keepsTheLastPicture_whenTheServerIsAway() throws {
        let (snapshot, _) = try Self.snapshot()
        var dashboard = TerminalDashboard(width: 100, height: 30)
        dashboard.connection = .away("nobody answers at 127.0.0.1:8080")
        let texts = dashboard.lines(snapshot).map { $0.text(limit: 100, hasColours: false) }
        #expect(texts[0].contains("reconnecting"))
        #expect(texts[1].contains("nobody answers at 127.0.0.1:8080"))
        #expect(texts.contains { $0.contains("Requests") })
        #expect(dashboard.lines(nil).contains { $0.text(limit: 100, hasColours: false).contains("nobody answers") })
    }

    @Test func theSelectedMapIsAlwaysSeen() throws {
        let (snapshot, _) = try Self.snapshot(maps: 30)
        for selected in [0, 7, 29, 400] {
            var dashboard = TerminalDashboard(width: 100, height: 40)
            dashboard.selected = selected
            let name = snapshot.state.maps[min(selected, 29)].name
            #expect(dashboard.lines(snapshot).contains { $0.text(limit: 100, hasColours: false).contains("▸ \(name)") })
        }
    }

    @Test func coloursAreNeverNeeded() throws {
        let (snapshot, _) = try Self.snapshot()
        for line in TerminalDashboard(width: 100, height: 40).lines(snapshot) {
            let coloured = line.text(limit: 100, hasColours: true)
            let plain = coloured.replacing(#/\u{1b}\[[0-9;]*m/#, with: "")
            #expect(plain == line.text(limit: 100, hasColours: false))
        }
    }

    /// At 40 columns the head once ended before it said that the server was away.
    @Test(arguments: [20, 40, 60])
    func saysThatTheServerIsAway_onANarrowTerminal(width: Int) throws {
        let (snapshot, _) = try Self.snapshot()
        var dashboard = TerminalDashboard(width: width, height: 24)
        dashboard.connection = .away("nobody answers at 127.0.0.1:8080")
        let texts = dashboard.lines(snapshot).map { $0.text(limit: width, hasColours: false) }
        #expect(texts[0].contains("reconnect"))
        #expect(texts.contains { $0.contains("127.0.0.1:8080") } || width < 20)
    }

    @Test func sentencesAreWrapped_onANarrowTerminal() throws {
        let (snapshot, _) = try Self.snapshot()
        var other = snapshot
        other.state.lookups = 0
        other.state.hotKeys.hidden = "Keys are not shown: other machines can reach this page, without a password."
        var dashboard = TerminalDashboard(width: 40, height: nil)
        dashboard.isInteractive = false
        let text = dashboard.lines(other).map { $0.text(limit: 40, hasColours: false) }.joined(separator: "\n")
        #expect(text.contains("minute."))
        #expect(text.contains("password."))
    }
}
