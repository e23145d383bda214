import Foundation
import Strata
import Synchronization
import Testing

@testable import StrataMonitor

@Suite struct DashboardRecorderTests {
    /// A clock that stands still until it is told otherwise.
    private final class Hands: Sendable {
        let seconds = Atomic<Int>(1000)

        func advance(_ count: Int = 1) { seconds.wrappingAdd(count, ordering: .relaxed) }
        var clock: MonitorClock { MonitorClock { Double(self.seconds.load(ordering: .relaxed)) + 0.5 } }
    }

    /// A map whose figures are what the test says.
    private final class Stand: MapFigureSource {
        private let figures: Mutex<MapFigures>

        init(_ figures: MapFigures = MapFigures()) { self.figures = Mutex(figures) }

        var mapKind: MapKind { .cache }
        func mapFigures(probeSampleCount: Int) -> MapFigures { figures.withLock { $0 } }
        func change(_ body: (inout MapFigures) -> Void) { figures.withLock { body(&$0) } }
    }

    private struct Bench {
        let hands = Hands()
        let registry = MapRegistry()
        let stand = Stand()
        let monitor: MapMonitor
        let recorder: DashboardRecorder
        let registration: Registration

        init(_ facts: @escaping @Sendable () -> DashboardFacts = { DashboardFacts() }) throws {
            monitor = MapMonitor(registry: registry, clock: hands.clock, process: { ProcessFigures() })
            recorder = DashboardRecorder(monitor: monitor, facts: facts)
            registration = try registry.register(stand, name: "sessions")
        }

        /// A second passes.
        func second(_ body: (inout MapFigures) -> Void = { _ in }) -> DashboardTick {
            stand.change(body)
            hands.advance()
            monitor.tick()
            return recorder.record()
        }
    }

    @Test func keepsFiveMinutesOfPoints_withoutGaps() throws {
        let bench = try Bench()
        for _ in 0..<400 { _ = bench.second { $0.count += 1 } }
        let points = bench.recorder.snapshot().points
        #expect(points.count == DashboardRecorder.span)
        #expect(zip(points, points.dropFirst()).allSatisfy { $1.time == $0.time + 1 })
        #expect(points.last?.entries == 400)
    }

    @Test func longerStretchesAreCoarser() throws {
        let bench = try Bench()
        for _ in 0..<700 { _ = bench.second { $0.count += 1 } }
        let hour = bench.recorder.course(.hour)
        #expect(hour.step == 10)
        #expect((70...71).contains(hour.points.count))
        #expect(hour.points.last?.entries == 700)
        #expect(hour.events.contains { $0.kind == "start" })
        #expect((3...4).contains(bench.recorder.course(.day).points.count))
        #expect(bench.recorder.course(.minutes).points.count == DashboardRecorder.span)
        let map = try #require(bench.recorder.map("sessions", .hour))
        #expect(map.step == 300)
        #expect((3...4).contains(map.points.count))
    }

    /// A rate since the start says nothing about now.
    @Test func ratesOfOperationsAreThoseOfTheLastHalfMinute() throws {
        let bench = try Bench()
        let operations = bench.registry.maps[0].recorder
        for second in 0..<300 {
            if second >= 250 {
                operations.observe(
                    OperationSample(.get, nanoseconds: 500, weight: 100, wasFound: true, hash: nil)
                ) { "" }
            }
            _ = bench.second()
        }
        let get = try #require(bench.recorder.map("sessions")?.operations.first { $0.name == "get" })
        #expect((95...105).contains(get.perSecond), "\(get.perSecond)")
    }

    @Test func sharesAreOfTheLastMinute() throws {
        let bench = try Bench()
        _ = bench.second()
        let tick = bench.second {
            $0.hitTotal += 90
            $0.missTotal += 10
        }
        #expect(tick.state.tiers.map(\.share) == [0.9, 0.1])
        #expect(tick.state.hitRatio == 0.9)
        #expect(tick.state.lookups == 100)
        #expect(tick.point.tiers == [0.9, 0.1])
        for _ in 0..<61 { _ = bench.second() }
        let later = bench.second()
        #expect(later.state.lookups == 0)
        #expect(later.state.hitRatio == nil)
        #expect(later.point.tiers == [nil, nil])
    }

    @Test func growthIsOneEvent_fromItsBeginningToItsEnd() throws {
        let bench = try Bench()
        _ = bench.second { $0.capacity = 1024 }
        let began = bench.second {
            $0.growthTotal = 1
            $0.previousCapacity = 1024
            $0.capacity = 2048
            $0.movingCount = 3
        }
        let growth = try #require(began.events.first { $0.kind == "growth" })
        #expect(growth.text == "sessions grows from 1.02 k to 2.05 k slots")
        let ended = bench.second { $0.movingCount = 0 }
        let over = try #require(ended.events.first { $0.kind == "growth" })
        #expect(over.number == growth.number)
        #expect(over.text == "sessions grew from 1.02 k to 2.05 k slots")
        #expect(over.until.map { $0 > over.time } == true)
        #expect(bench.second().events.isEmpty)
    }

    @Test func saysWhyItIsNotWell() throws {
        let bench = try Bench {
            var facts = DashboardFacts()
            facts.usedMemory = 98 << 20
            facts.memoryLimit = 100 << 20
            facts.connections = 900
            facts.connectionLimit = 1000
            return facts
        }
        let health = bench.second().state.health
        #expect(health.level == .critical)
        #expect(health.reasons.map(\.level) == [.critical, .warning])
        #expect(health.reasons[0].text.contains("98.0 % of 100 MB"))
        #expect(health.reasons[1].text.contains("900 of at most 1000"))
    }

    @Test func fullMemoryIsNoConcern_whereEntriesMakeRoom() throws {
        let bench = try Bench {
            var facts = DashboardFacts()
            facts.usedMemory = 100 << 20
            facts.memoryLimit = 100 << 20
            facts.makesRoom = true
            return facts
        }
        #expect(bench.second().state.health.level == .good)
    }

    @Test func keysAreLeftOut_whereTheyAreNotToBeShown() throws {
        let bench = try Bench {
            var facts = DashboardFacts()
            facts.hidesKeys = "A password is set."
            return facts
        }
        let map = try #require(bench.registry.maps.first)
        map.recorder.hotKeys.record(hash: 1, weight: 10) { "secret" }
        _ = bench.second { $0.shardCounts = [1, 2] }
        let text = String(decoding: MapMonitor.json(bench.recorder.snapshot()), as: UTF8.self)
        #expect(!text.contains("secret"))
        let detail = try #require(bench.recorder.map("sessions"))
        #expect(!String(decoding: MapMonitor.json(detail), as: UTF8.self).contains("secret"))
        #expect(detail.hotKeys.hidden == "A password is set.")
    }

    @Test func snapshotIsReadBackAsItWas() throws {
        let bench = try Bench()
        for _ in 0..<3 { _ = bench.second { $0.count += 7 } }
        let snapshot = bench.recorder.snapshot()
        let read = try JSONDecoder().decode(DashboardSnapshot.self, from: Data(MapMonitor.json(snapshot)))
        #expect(read.points == snapshot.points)
        #expect(read.events == snapshot.events)
        #expect(read.bounds == snapshot.bounds)
        #expect(read.state.maps.map(\.name) == ["sessions"])
    }

    @Test func isNil_whenThereIsNoSuchMap() throws {
        #expect(try Bench().recorder.map("others") == nil)
    }

    @Test(arguments: [(8, [9.0, 9, 9, 9, 9, 9, 9, 9]), (3, []), (128, [])])
    func partsOfHashSpaceAreAddedUpToShards(count: Int, sums: [Double]) {
        let stripes = (0..<64).map { $0 < 8 ? 2.0 : 1 }
        #expect(DashboardRecorder.fold(stripes, into: count) == sums)
    }

    @Test(arguments: [(0.123_456, 0.1235), (123_456, 123_500), (0, 0), (-0.987_654, -0.9877), (1e-9, 1e-9)])
    func numbersAreShortened(value: Double, short: Double) {
        #expect(abs(value.short - short) <= abs(short) * 1e-12)
    }
}
