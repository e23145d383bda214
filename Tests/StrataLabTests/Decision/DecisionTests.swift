import StrataLab
import Testing

@Suite struct DecisionTests {
    private func decide(_ change: (inout DecisionFacts) -> Void) -> Decision {
        var facts = DecisionFacts()
        change(&facts)
        return Decision(facts, DecisionFigures(), DecisionWeights())
    }

    // MARK: Published cases

    @Test func oneProcessWithManyReads_keepsALocalMap() {
        let decision = decide {
            $0.readsPerSecond = 49_000
            $0.writesPerSecond = 1_000
        }
        #expect(decision.answer.architecture == .local)
        #expect(decision.isFeasible)
    }

    @Test func sessionsOfTwentyProcesses_takeTwoTiers() {
        let decision = decide {
            $0.readsPerSecond = 20_000
            $0.writesPerSecond = 500
            $0.processes = 20
            $0.isShared = true
            $0.survivesRestart = true
        }
        #expect(decision.answer.architecture == .tiered)
        #expect(decision.ranking.last?.architecture == .local)
        #expect(decision.reasons.contains { $0.contains("local map is out") })
    }

    @Test func countersOfSeveralProcesses_takeACluster() {
        let decision = decide {
            $0.readsPerSecond = 5_000
            $0.writesPerSecond = 5_000
            $0.processes = 8
            $0.hasSharedUpdates = true
            $0.isShared = true
            $0.allowedStaleness = 0
        }
        #expect(decision.answer.architecture == .cluster)
    }

    @Test func derivedDataOfSeveralProcesses_staysLocal() {
        let decision = decide {
            $0.readsPerSecond = 100_000
            $0.writesPerSecond = 100
            $0.processes = 8
        }
        #expect(decision.answer.architecture == .local)
    }

    @Test func readsThatServersCannotCarry_takeTwoTiersWhereTheDataIsShared() {
        let decision = decide {
            $0.readsPerSecond = 2_000_000
            $0.writesPerSecond = 1_000
            $0.processes = 20
            $0.isShared = true
            $0.hasRedis = true
            $0.entries = 100_000
        }
        #expect(decision.answer.architecture == .tiered)
        #expect(decision.reasons.contains { $0.contains("cluster is out: it can do") })
    }

    @Test func moreDataThanMemory_isNotLocal_whenItMustBeKept() {
        let decision = decide {
            $0.entries = 1e9
            $0.survivesRestart = true
        }
        #expect(decision.answer.architecture != .local)
        #expect(decision.answer.servers > 1)
    }

    @Test func saysSo_whenNothingCanCarryTheLoad() {
        let decision = decide {
            $0.readsPerSecond = 1e11
            $0.survivesRestart = true
        }
        #expect(!decision.isFeasible)
        #expect(decision.reasons.contains { $0.contains("no architecture fits") })
    }

    // MARK: Properties

    /// Facts of all kinds, the same for the same seed.
    private static func randomFacts(_ random: inout SeededRandom) -> DecisionFacts {
        func power(_ low: Double, _ high: Double) -> Double {
            var value = 1.0
            for _ in 0..<Int.random(in: Int(low)...Int(high), using: &random) { value *= 10 }
            return value * Double.random(in: 1..<10, using: &random)
        }
        var facts = DecisionFacts()
        facts.readsPerSecond = power(1, 6)
        facts.writesPerSecond = power(0, 5)
        facts.processes = [1, 2, 5, 20, 100].randomElement(using: &random) ?? 1
        facts.entries = power(2, 8)
        facts.entryBytes = power(1, 3)
        facts.isShared = .random(using: &random)
        facts.hasSharedUpdates = .random(using: &random)
        facts.survivesRestart = .random(using: &random)
        facts.hasRedis = .random(using: &random)
        facts.allowedStaleness = [0, 0.001, 1, 60, .infinity].randomElement(using: &random) ?? 1
        facts.latencyTarget = power(4, 7)
        return facts
    }

    @Test(arguments: DecisionDimension.allCases)
    func moreWeight_neverMovesTheAnswerToWhatIsWorseInThatDimension(_ dimension: DecisionDimension) throws {
        for seed in UInt64(1)...300 {
            var random = SeededRandom(seed: seed)
            let facts = Self.randomFacts(&random)
            var last: (score: Double, isFeasible: Bool)?
            for share in stride(from: 0.0, through: 1.0, by: 0.1) {
                let decision = Decision(facts, DecisionFigures(), DecisionWeights().with(share: share, of: dimension))
                let score = try #require(decision.answer.scores[dimension])
                if let last { #expect(score >= last.score - 1e-9, "seed \(seed), \(dimension) at \(share)") }
                last = (score, decision.isFeasible)
            }
        }
    }

    /// A weight that was ignored would pass the test above.
    @Test(arguments: DecisionDimension.allCases)
    func allTheWeight_takesWhatIsBestInThatDimension_andOftenThatIsAnotherAnswer(_ dimension: DecisionDimension) throws
    {
        var moved = 0
        for seed in UInt64(1)...300 {
            var random = SeededRandom(seed: seed)
            let facts = Self.randomFacts(&random)
            let none = Decision(facts, DecisionFigures(), DecisionWeights().with(share: 0, of: dimension))
            let all = Decision(facts, DecisionFigures(), DecisionWeights().with(share: 1, of: dimension))
            let usable = all.ranking.filter { $0.obstacles.isEmpty == all.isFeasible }
            let best = try #require(usable.compactMap { $0.scores[dimension] }.max())
            #expect(try #require(all.answer.scores[dimension]) >= best - 1e-9, "seed \(seed), \(dimension)")
            if all.answer.architecture != none.answer.architecture { moved += 1 }
        }
        #expect(moved >= 15, "\(dimension) moved \(moved) of 300 answers")
    }

    @Test func scoresAreFromZeroToOne_andWhatCannotBeUsedNeverWins() {
        for seed in UInt64(1)...500 {
            var random = SeededRandom(seed: seed)
            let decision = Decision(Self.randomFacts(&random), DecisionFigures(), DecisionWeights())
            for card in decision.ranking {
                for (dimension, score) in card.scores {
                    #expect((0...1).contains(score), "seed \(seed): \(card.architecture) \(dimension) \(score)")
                }
            }
            if decision.ranking.contains(where: { $0.obstacles.isEmpty }) {
                #expect(decision.isFeasible, "seed \(seed)")
            }
        }
    }

    @Test func eachScoreGetsBetterWithWhatItIsAbout() throws {
        var facts = DecisionFacts()
        facts.processes = 4
        facts.isShared = true
        func score(_ dimension: DecisionDimension, _ change: (inout DecisionFacts, inout DecisionFigures) -> Void)
            throws -> Double
        {
            var facts = facts
            var figures = DecisionFigures()
            change(&facts, &figures)
            return try #require(Scorecard(.tiered, facts, figures).scores[dimension])
        }
        let few = try score(.throughput) { facts, _ in facts.readsPerSecond = 100_000 }
        let many = try score(.throughput) { facts, _ in facts.readsPerSecond = 100_000_000 }
        #expect(few > many)
        let near = try score(.latency) { _, figures in figures.remoteP50Nanoseconds = 100_000 }
        let far = try score(.latency) { _, figures in figures.remoteP50Nanoseconds = 900_000 }
        #expect(near > far)
        let quick = try score(.consistency) { _, figures in figures.invalidationLag = 0.001 }
        let slow = try score(.consistency) { _, figures in figures.invalidationLag = 5 }
        #expect(quick > slow)
        let small = try score(.cost) { facts, _ in facts.entries = 1_000 }
        let large = try score(.cost) { facts, _ in facts.entries = 1_000_000_000 }
        #expect(small > large)
    }

    @Test func statedChanges_doChangeTheAnswer() throws {
        let decision = decide {
            $0.readsPerSecond = 20_000
            $0.processes = 20
            $0.isShared = true
        }
        let changes = decision.changes
        try #require(!changes.isEmpty)
        for change in changes { #expect(change.answer != decision.answer.architecture) }
        #expect(changes.map(\.distance) == changes.map(\.distance).sorted())
        var alone = decision.facts
        alone.isShared = false
        let expected = Decision(alone, decision.figures, decision.weights).answer.architecture
        if expected != decision.answer.architecture {
            #expect(changes.contains { $0.condition.contains("needn't see") && $0.answer == expected })
        }
    }

    // MARK: What is stated

    @Test func readsWeights() throws {
        let weights = try DecisionWeights("latency=3, cost=0")
        #expect(weights.share(of: .latency) == 0.6)
        #expect(weights.share(of: .cost) == 0)
        #expect(try DecisionWeights("") == DecisionWeights())
    }

    @Test(arguments: [
        ("latency", "'latency'"), ("speed=2", "'speed'"), ("cost=-1", "of cost"), ("cost=nan", "of cost"),
        ("cost=inf", "of cost"), ("cost=x", "'cost=x'"), ("throughput=0,latency=0,consistency=0,cost=0", "above 0"),
        ("cost=1,cost=2", "twice"),
    ])
    func refusesWeights_namingThePart(_ text: String, _ part: String) {
        let error = #expect(throws: DecisionWeights.Invalid.self) { try DecisionWeights(text) }
        #expect(error?.description.contains(part) == true)
    }

    @Test func refusesFigures_namingThem() throws {
        var figures = DecisionFigures()
        #expect(throws: DecisionFigures.Invalid.self) { try figures.set("remoteP5", to: 1) }
        #expect(throws: DecisionFigures.Invalid.self) { try figures.set("remoteP50Nanoseconds", to: 0) }
        #expect(throws: DecisionFigures.Invalid.self) { try figures.set("copies", to: .nan) }
        try figures.set("costPerServer", to: 0)
        #expect(figures.known == ["costPerServer"])
        #expect(figures.byName["costPerServer"] == 0)
    }

    @Test func namesTheOptionOfAFactThatIsOutOfRange() {
        var facts = DecisionFacts()
        facts.processes = 0
        #expect(facts.problem?.option == "processes")
        facts = DecisionFacts()
        facts.allowedStaleness = .nan
        #expect(facts.problem?.option == "staleness")
        facts = DecisionFacts()
        facts.readsPerSecond = 0
        facts.writesPerSecond = 0
        #expect(facts.problem?.option == "reads")
    }
}
