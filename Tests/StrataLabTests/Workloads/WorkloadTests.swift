import Strata
import StrataLab
import Testing

@Suite struct WorkloadTests {
    @Test func sameSeedMakesTheSameSequence() {
        let workload = Workload(keyCount: 1_000, distribution: .zipf(theta: 0.9), mix: .halfReads)
        let first = workload.sequence(count: 500, seed: 3, stream: 1)
        let second = workload.sequence(count: 500, seed: 3, stream: 1)
        #expect(first.ranks == second.ranks)
        #expect(first.kinds == second.kinds)
        #expect(workload.sequence(count: 500, seed: 4, stream: 1).ranks != first.ranks)
        #expect(workload.sequence(count: 500, seed: 3, stream: 2).ranks != first.ranks)
    }

    @Test func mixHasItsShares() throws {
        let mix = try #require(OperationMix("60/30/10"))
        let sequence = Workload(keyCount: 100, mix: mix).sequence(count: 100_000, seed: 1)
        for (kind, share) in [(OperationKind.read, 0.6), (.update, 0.3), (.remove, 0.1)] {
            let part = Double(sequence.kinds.count { $0 == kind }) / 100_000
            #expect(abs(part - share) < 0.01, "\(kind)")
        }
    }

    @Test func readOnlySequencesHaveNoKinds() {
        let sequence = Workload(keyCount: 10).sequence(count: 100, seed: 1)
        #expect(sequence.kinds.isEmpty)
        #expect(sequence.ranks.count == 100)
        #expect(Set(sequence.ranks) == Set(0..<10))
    }

    @Test func insertionsOfStreamsDiffer() throws {
        let mix = try #require(OperationMix(read: 50, insert: 50))
        let workload = Workload(keyCount: 10, mix: mix)
        func inserted(_ stream: Int) -> [Int] {
            let sequence = workload.sequence(count: 1_000, seed: 1, stream: stream)
            return zip(sequence.ranks, sequence.kinds).filter { $0.1 == .insert }.map(\.0)
        }
        #expect(inserted(0) == Array(10..<10 + inserted(0).count))
        #expect(Set(inserted(0)).isDisjoint(with: inserted(1)))
    }

    @Test func latestAsksForWhatWasInserted() throws {
        let mix = try #require(OperationMix(read: 50, insert: 50))
        let workload = Workload(keyCount: 10, distribution: .latest(theta: 0.99), mix: mix)
        let sequence = workload.sequence(count: 1_000, seed: 1)
        let lastRead = zip(sequence.ranks, sequence.kinds).filter { $0.1 == .read }.map(\.0).suffix(50).max()
        #expect(try #require(lastRead) > 400)
    }

    @Test(arguments: [("95/5", "95/5"), ("100", "100/0"), ("60/30/10", "60/30/10"), ("50/0/0/50", "50/0/0/50")])
    func mixesAreRead(text: String, written: String) throws {
        #expect(try #require(OperationMix(text)).text == written)
    }

    @Test(arguments: ["", "95/6", "a/b", "-5/105", "10/10/10/10/10/50", "95//5"])
    func wrongMixesAreRefused(text: String) {
        #expect(OperationMix(text) == nil)
    }

    @Test func keysOfAllShapesDiffer() {
        for shape in KeyShape.allCases {
            #expect(Set((0..<10_000).map { shape.key(ofRank: $0) }).count == 10_000, "\(shape)")
        }
        #expect(KeyShape.clustered.key(ofRank: 3) == 3 << 8 | 127)
    }

    @Test func textKeysDiffer() {
        #expect(Set((0..<10_000).map { ShortBytes(bits: UInt64($0)) }).count == 10_000)
    }
}
