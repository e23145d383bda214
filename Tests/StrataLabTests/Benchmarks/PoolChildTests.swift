import Foundation
import StrataLab
import Testing

@Suite struct PoolChildTests {
    private func result(_ subject: PoolSubjectName, _ pattern: PoolChild.Pattern, threads: Int) async throws
        -> PoolChild.Result
    {
        var task = PoolChild.Task()
        task.subject = subject
        task.pattern = pattern
        task.threads = threads
        task.operationCount = 1 << 12
        task.rounds = 2
        let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
        let answer = try await PoolChild.answer(to: text)
        return try JSONDecoder().decode(PoolChild.Result.self, from: Data(answer.utf8))
    }

    @Test(arguments: PoolSubjectName.allCases, PoolChild.Pattern.allCases)
    func measuresEachSubject(subject: PoolSubjectName, pattern: PoolChild.Pattern) async throws {
        let result = try await result(subject, pattern, threads: 2)
        #expect(result.times.count == 2)
        #expect(result.times.allSatisfy { $0 > 0 })
        #expect(result.latencies.count == 2 * 64 * (1 << 12) / 32)
        #expect(result.latencies["P50"] <= result.latencies["P99.9"])
    }

    @Test(arguments: PoolChild.Pattern.allCases)
    func countsTheAllocationOfEachNewObject(pattern: PoolChild.Pattern) async throws {
        let result = try await result(.allocation, pattern, threads: 1)
        #expect(result.allocationsPerOperation >= 1 || result.allocationsPerOperation == -1)
    }
}
