import Testing

@testable import StrataProbe

/// The probe in the process that it watches.
///
/// Each test is a process of its own: the probe never leaves.
@Suite struct AllocationProbeTests {
    private struct Key: Hashable {
        var number: Int
    }

    @Test func reportsGrowthsOfItsOwnProcess() async {
        await #expect(processExitsWith: .success) {
            let probe = try AllocationProbe.start(samplingInterval: 8)
            var numbers: [Key: Int] = [:]
            var capacities: [Int] = [0]
            for index in 0..<1000 {
                numbers[Key(number: index)] = index
                if numbers.capacity != capacities.last {
                    capacities.append(numbers.capacity)
                }
            }
            let report = probe.report()
            let type = try #require(report.growths.first { $0.type.hasSuffix("Key: Int]") })
            #expect(type.growths.map(\.oldCapacity) == Array(capacities.dropLast()))
            #expect(type.growths.map(\.newCapacity) == Array(capacities.dropFirst()))
            #expect(report.text.contains("Key: Int]"))
            precondition(type.growths.count == capacities.count - 1 && numbers.count == 1000)
        }
    }

    @Test func isStartedOnce() async {
        await #expect(processExitsWith: .success) {
            let first = try AllocationProbe.start()
            let second = try AllocationProbe.start(samplingInterval: 1, backtraces: true)
            precondition(first === second)
        }
    }

    @Test(arguments: [-1, 1_000_001])
    func complains_whenIntervalIsOutOfRange(interval: Int) {
        let error = #expect(throws: AllocationProbe.StartError.self) {
            try AllocationProbe.start(samplingInterval: interval)
        }
        #expect(error?.description.contains("\(interval)") == true)
    }
}
