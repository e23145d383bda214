import StrataLab
import Testing

@Suite struct KneeFinderTests {
    /// A subject with a single server that takes 200 ns per operation: latency rises as 1 / (1 - load).
    private func queue(_ rate: Double) -> KneeFinder.Point {
        let load = min(rate * 200e-9, 0.999)
        let latency = 1_000 / (1 - load)
        return .init(
            rate: rate, reached: min(rate, 5e6), latency: latency, rawLatency: latency, service: 200, busyShare: load)
    }

    @Test func findsWhereLatencyTriples() {
        let result = KneeFinder().find(queue)
        // Three times the flat part is at a load of about two thirds: 3.3 million per second.
        #expect((2.6e6...3.4e6).contains(result.flat.rate))
        #expect(result.beyond.map { $0.rate > result.flat.rate && $0.rate < 4e6 } == true)
        #expect(result.cause.hasPrefix("queueing"))
        #expect(result.points.map(\.rate) == result.points.map(\.rate).sorted())
    }

    @Test func aSingleHiccupIsNoKnee() {
        var isFirst = true
        let result = KneeFinder().find { rate in
            var point = queue(rate)
            if rate > 400_000, isFirst {
                isFirst = false
                point.latency = 1e7
            }
            return point
        }
        #expect(result.flat.rate > 2.6e6)
    }

    @Test func saturationIsNamed() {
        let result = KneeFinder().find { rate in
            var point = queue(rate)
            point.latency = 1_000
            return point
        }
        #expect(result.cause.hasPrefix("saturation"))
    }

    @Test func slowOperationsAreNamed() {
        let result = KneeFinder().find { rate in
            var point = queue(min(rate, 1e6))
            point.rate = rate
            point.reached = rate
            if rate > 1e6 { (point.latency, point.service) = (1e6, 1e6) }
            return point
        }
        #expect(result.cause.hasPrefix("slow operations"))
    }

    @Test func noKneeIsSaid() {
        var finder = KneeFinder()
        finder.limit = 500_000
        let result = finder.find(queue)
        #expect(result.beyond == nil)
        #expect(result.cause.hasPrefix("no knee"))
    }
}
