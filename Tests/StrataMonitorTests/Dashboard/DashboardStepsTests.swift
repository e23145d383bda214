import Testing

@testable import StrataMonitor

@Suite struct DashboardStepsTests {
    private static func point(
        _ time: Int, requests: Double = 0, tiers: [Double?] = [], heat: [Int] = [], loadFactor: Double? = nil,
        entries: Int = 0
    ) -> DashboardPoint {
        DashboardPoint(
            time: time, requests: requests, tiers: tiers, heat: heat, collision: nil, loadFactor: loadFactor,
            clients: 3,
            memory: entries * 10, load: nil, entries: entries, p99: nil)
    }

    @Test func putsTenSecondsTogether() throws {
        var steps = DashboardSteps(.hour)
        for second in 0..<10 {
            steps.append(
                Self.point(
                    1_000_000 + second, requests: Double(second), tiers: [second < 5 ? 1 : 0, nil],
                    heat: [4, 2, 20, second],
                    loadFactor: second < 2 ? 0.5 : nil, entries: second))
        }
        steps.append(Self.point(1_000_010, entries: 99))
        #expect(steps.points.map(\.time) == [1_000_000, 1_000_010])
        let point = try #require(steps.points.first)
        #expect(point.requests == 4.5)
        #expect(point.heat == [4, 20, 20, 45])
        #expect(point.loadFactor == 0.5)
        #expect(point.entries == 9)
        // Weighed by requests: 1 + 1 + 2 + 3 + 4 of those and 35.
        #expect(point.tiers == [(11.0 / 46).short, nil])
        let bounds = LatencyMatrix.bounds
        #expect(try #require(point.p99) > bounds[20])
        #expect(try #require(point.p99) < bounds[21])
        #expect(point.collision == nil)
    }

    @Test func replacesASecondThatComesAgain() {
        var steps = DashboardSteps(.hour)
        steps.append(Self.point(20, requests: 1))
        steps.append(Self.point(20, requests: 7))
        #expect(steps.points.map(\.requests) == [7])
    }

    @Test(arguments: [DashboardRange.hour, .day])
    func keepsNoMoreThanItsSpan(range: DashboardRange) throws {
        var steps = DashboardSteps(range)
        for second in stride(from: 0, to: 3 * range.span, by: range.step / 2) { steps.append(Self.point(second)) }
        let count = range.span / range.step
        #expect((count...count + 2).contains(steps.points.count))
        #expect(zip(steps.points, steps.points.dropFirst()).allSatisfy { $1.time == $0.time + range.step })
    }

    @Test func gapsStayGaps() {
        var steps = DashboardSteps(.hour)
        steps.append(Self.point(5))
        steps.append(Self.point(500))
        #expect(steps.points.map(\.time) == [0, 500])
    }
}
