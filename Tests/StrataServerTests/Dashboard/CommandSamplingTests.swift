import Testing

@testable import StrataServer

@Suite struct CommandSamplingTests {
    @Test func oneOfSoManyCallsIsSampled() {
        let count = (0..<160_000).filter { CommandStatistics.isSampled($0) }.count
        #expect(abs(count - 160_000 / CommandStatistics.samplingInterval) <= 10)
        #expect(CommandStatistics.isSampled(0))
    }

    @Test(arguments: [2, 3, 4, 8, 16, 20, 61])
    func noPlaceOfARepeatingClientIsLeftOut(period: Int) {
        var counts = [Int](repeating: 0, count: period)
        for call in 0..<(period * 16_000) where CommandStatistics.isSampled(call) { counts[call % period] += 1 }
        for count in counts { #expect(abs(count - 1000) <= 100) }
    }
}
