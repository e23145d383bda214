import StrataTiering
import Testing

@Suite struct FreshnessRulesTests {
    private let rules = FreshnessRules(
        staleWhileRevalidate: .seconds(10), staleIfError: .seconds(60), suspectBound: .seconds(30))

    @Test func servesWhatIsCoherentAndInTime() {
        #expect(rules.judge(.coherent(staleness: .seconds(5)), overdue: .seconds(-1), maximumStaleness: nil) == .fresh)
    }

    @Test func servesWhatIsOverdue_asLongAsTheBoundsAllow() {
        func judge(_ overdue: Int) -> FreshnessRules.Verdict {
            rules.judge(.coherent(staleness: .zero), overdue: .seconds(overdue), maximumStaleness: nil)
        }
        #expect(judge(0) == .servable(.expired))
        #expect(judge(9) == .servable(.expired))
        #expect(judge(10) == .onlyInNeed(.expired))
        #expect(judge(59) == .onlyInNeed(.expired))
        #expect(judge(60) == .unusable(.expired))
    }

    @Test func servesSuspects_withinTheBound() {
        func judge(_ age: Int) -> FreshnessRules.Verdict {
            rules.judge(.suspect(age: .seconds(age)), overdue: .seconds(-1), maximumStaleness: nil)
        }
        #expect(judge(30) == .servable(.suspect))
        #expect(judge(31) == .unusable(.suspect))
    }

    @Test func servesWhatWasInvalidated_inNeedOnly() {
        func judge(_ age: Int) -> FreshnessRules.Verdict {
            rules.judge(.invalidated(age: .seconds(age)), overdue: .seconds(-1), maximumStaleness: nil)
        }
        #expect(judge(1) == .onlyInNeed(.invalidated))
        #expect(judge(31) == .unusable(.invalidated))
    }

    /// Over all combinations: nothing older than the caller accepts, and no better verdict for what is worse.
    @Test func isMonotonous_andNeverBeyondWhatTheCallerAccepts() {
        func rank(_ verdict: FreshnessRules.Verdict) -> Int {
            switch verdict {
            case .fresh: 0
            case .servable: 1
            case .onlyInNeed: 2
            case .unusable: 3
            }
        }
        let makers: [(Duration) -> ShardEpoch.Standing] = [
            { .coherent(staleness: $0) }, { .suspect(age: $0) }, { .invalidated(age: $0) },
        ]
        for age in stride(from: 0, through: 100, by: 5) {
            for overdue in stride(from: -20, through: 100, by: 5) {
                var last = 0
                for make in makers {
                    let standing = make(.seconds(age))
                    let verdict = rules.judge(standing, overdue: .seconds(overdue), maximumStaleness: nil)
                    #expect(rank(verdict) >= last)
                    last = rank(verdict)
                    let later = rules.judge(
                        make(.seconds(age + 5)), overdue: .seconds(overdue + 5), maximumStaleness: nil)
                    #expect(rank(later) >= rank(verdict))
                    for accepted in [0, 10, 50] where age > accepted {
                        let strict = rules.judge(
                            standing, overdue: .seconds(overdue), maximumStaleness: .seconds(accepted))
                        #expect(rank(strict) == 3)
                    }
                }
            }
        }
    }
}
