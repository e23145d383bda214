/// What is asked of a map: which keys, how often each, and what is done with them.
///
/// A workload makes whole sequences of operations ahead of time, so that making them costs nothing while something is measured. The same
/// workload, seed and stream make the same sequence.
package struct Workload: Sendable {
    /// The number of keys that are there at the start.
    package var keyCount: Int
    /// What the keys look like.
    package var shape: KeyShape
    /// How often which key is asked for.
    package var distribution: Distribution
    /// What is done.
    package var mix: OperationMix

    /// Puts a workload together.
    package init(
        keyCount: Int, distribution: Distribution = .uniform, mix: OperationMix = .readOnly,
        shape: KeyShape = .scattered
    ) {
        self.keyCount = keyCount
        self.shape = shape
        self.distribution = distribution
        self.mix = mix
    }

    /// Operations in order: element i does `kinds[i]` to the key of `ranks[i]`.
    package struct Sequence: Sendable {
        /// The keys' ranks.
        package var ranks: [Int]
        /// What is done; empty if all operations are reads.
        package var kinds: [OperationKind]
    }

    /// Makes operations.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - seed: The seed; the same for all threads of a run.
    ///   - stream: Which thread they are for. Insertions of different streams are of different keys.
    /// - Returns: The operations.
    package func sequence(count: Int, seed: UInt64, stream: Int = 0) -> Sequence {
        var random = SeededRandom(seed: seed, stream: stream)
        let start = random.next(below: max(keyCount, 1))
        switch distribution {
        case .uniform:
            return make(count, UniformRanks(count: keyCount), &random, stream)
        case .zipf(let theta):
            return make(count, ZipfRanks(count: keyCount, theta: theta), &random, stream)
        case .latest(let theta):
            return make(count, LatestRanks(count: keyCount, theta: theta), &random, stream)
        case .scan:
            return make(count, ScanRanks(count: keyCount, start: start), &random, stream)
        case .hotspot(let keys, let share):
            return make(count, HotspotRanks(count: keyCount, hotKeys: keys, hotShare: share), &random, stream)
        case .drifting(let theta, let period):
            return make(count, DriftingRanks(count: keyCount, theta: theta, period: period), &random, stream)
        case .trace(let ranks):
            return make(count, stream == 0 ? ranks : ranks.starting(at: start), &random, stream)
        }
    }

    /// The streams' insertions are this many ranks apart.
    private static let streamDistance = 1 << 40

    private func make(
        _ count: Int, _ distribution: some RankDistribution, _ random: inout SeededRandom, _ stream: Int
    ) -> Sequence {
        var distribution = distribution
        if mix.isReadOnly {
            return Sequence(ranks: (0..<count).map { _ in distribution.next(using: &random) }, kinds: [])
        }
        var ranks: [Int] = []
        var kinds: [OperationKind] = []
        ranks.reserveCapacity(count)
        kinds.reserveCapacity(count)
        var newest = keyCount
        for _ in 0..<count {
            let kind = mix.next(using: &random)
            kinds.append(kind)
            if kind == .insert {
                ranks.append(newest + stream * Self.streamDistance)
                newest += 1
                // Other streams' new keys are not known here: only the first stream asks for its own again.
                if stream == 0 { distribution.extend(to: newest) }
            } else {
                ranks.append(distribution.next(using: &random))
            }
        }
        return Sequence(ranks: ranks, kinds: kinds)
    }
}
