import Testing

@testable import Strata

@Suite struct CachePolicyTests {
    @Test func hasNoVictim_whenEmpty() {
        var policy = CachePolicy(maximumWeight: 4, expectedCount: 4)
        let victim = policy.victim()
        #expect(victim == nil)
    }

    @Test func namesTheOnlyEntry_whenItIsTooHeavy() {
        var policy = CachePolicy(maximumWeight: 4, expectedCount: 4)
        let index = policy.insert(hash: 1, weight: 5)
        expect(policy.isOverBudget)
        let victim = policy.victim()
        #expect(victim == index)
    }

    @Test func keepsTheEntryInsertedLast_whenThereAreOthers() {
        var generator = SeededGenerator(seed: 3)
        var policy = CachePolicy(maximumWeight: 20, expectedCount: 20)
        for _ in 0..<2000 {
            let index = policy.insert(hash: generator.next())
            if policy.isOverBudget, let victim = policy.victim() {
                #expect(victim != index)
                policy.evict(victim)
            }
        }
    }

    @Test func evictsWorthlessEntriesFirst() {
        var generator = SeededGenerator(seed: 4)
        var policy = CachePolicy(maximumWeight: 100, expectedCount: 100)
        let indices = (0..<100).map { _ in policy.insert(hash: generator.next()) }
        for index in indices { policy.recorder.recordHit(index, hash: 1) }
        policy.markWorthless(indices[42])
        policy.markWorthless(indices[7])
        _ = policy.insert(hash: generator.next())
        let first = policy.victim()
        first.map { policy.evict($0) }
        let second = policy.victim()
        #expect(Set([first, second]) == [indices[42], indices[7]])
    }

    @Test func remembersEvictedKeys() throws {
        var policy = CachePolicy(maximumWeight: 10, expectedCount: 10)
        let hash: UInt64 = 0x1234_5678_9abc_def1
        let index = policy.insert(hash: hash)
        for _ in 0..<3 { policy.recorder.recordHit(index, hash: hash) }
        policy.evict(index)
        let returned = policy.insert(hash: hash)
        // Four requests are remembered as "three or four", and this is one more.
        expect(policy.word(returned).requests == 4)
    }

    @Test func forgetsKeysThatWereRemoved() {
        var policy = CachePolicy(maximumWeight: 10, expectedCount: 10)
        let index = policy.insert(hash: 99)
        policy.remove(index)
        let returned = policy.insert(hash: 99)
        expect(policy.word(returned).requests == 1)
    }

    @Test func keepsWords_whenGrowing() {
        var policy = CachePolicy(maximumWeight: 1000, expectedCount: 4, slotCapacity: 4)
        var generator = SeededGenerator(seed: 5)
        var words: [UInt32: UInt64] = [:]
        for _ in 0..<100 {
            if policy.needsGrowth { policy.grow().deallocate() }
            let index = policy.insert(hash: generator.next())
            words[index] = policy.word(index).bits
        }
        expect(policy.slotCapacity >= 100)
        for (index, bits) in words { expect(policy.word(index).bits == bits) }
        expect(policy.checkInvariants() == [])
    }

    @Test func adaptsToTheCount_whenTheGuessWasWrong() {
        var policy = CachePolicy(maximumWeight: 5000, expectedCount: 10, slotCapacity: 5001)
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<20_000 {
            _ = policy.insert(hash: generator.next())
            while policy.isOverBudget, let victim = policy.victim() { policy.evict(victim) }
        }
        expect(policy.model.scale > 2500)
        policy.setMaximumWeight(50)
        while policy.isOverBudget, let victim = policy.victim() { policy.evict(victim) }
        expect(policy.count == 50)
        expect(policy.model.scale < 250)
        expect(policy.checkInvariants() == [])
    }

    @Test func namesTheSameVictims_fromTheSameSeed() {
        func victims() -> [UInt32] {
            var policy = CachePolicy(maximumWeight: 64, expectedCount: 64, seed: 7)
            var generator = SeededGenerator(seed: 8)
            var victims: [UInt32] = []
            for _ in 0..<1000 {
                _ = policy.insert(hash: generator.next() % 200 &* 0x9e37_79b9_7f4a_7c15)
                while policy.isOverBudget, let victim = policy.victim() {
                    victims.append(victim)
                    policy.evict(victim)
                }
            }
            return victims
        }
        #expect(victims() == victims())
    }

    /// Random operations against a dictionary of what should be resident and how heavy it is.
    @Test(.tags(.model), arguments: [1, 2, 5, 40, 300], [11, 12, 13] as [UInt64])
    func agreesWithAModel(capacity: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed &* 1000 &+ UInt64(capacity))
        var policy = CachePolicy(maximumWeight: UInt64(capacity) * 4, expectedCount: capacity, slotCapacity: 2)
        var residents: [UInt32: UInt32] = [:]
        for step in 0..<6000 {
            switch generator.below(10) {
            case 0..<5:
                if policy.needsGrowth { policy.grow().deallocate() }
                let weight = UInt32(generator.below(8))
                let hash = generator.next() % UInt64(capacity * 8) &* 0x9e37_79b9_7f4a_7c15
                let index = policy.insert(hash: hash, weight: weight)
                #expect(residents.updateValue(weight, forKey: index) == nil, "slot \(index) was in use, seed \(seed)")
                while policy.isOverBudget, let victim = policy.victim() {
                    #expect(residents.removeValue(forKey: victim) != nil, "victim \(victim), seed \(seed)")
                    policy.evict(victim)
                }
                expect(!policy.isOverBudget, "seed \(seed)")
            case 5..<8:
                // A slot that was in use, perhaps no longer: a late hit does no harm.
                if policy.usedSlots > 0 {
                    policy.recorder.recordHit(UInt32(generator.below(policy.usedSlots)), hash: generator.next())
                }
            case 8:
                guard let index = residents.keys.max() else { break }
                residents.removeValue(forKey: index)
                policy.remove(index)
            default:
                guard let index = residents.keys.min() else { break }
                if generator.below(2) == 0 {
                    policy.markWorthless(index)
                } else {
                    let weight = UInt32(generator.below(4))
                    residents[index] = weight
                    policy.setWeight(weight, of: index)
                }
            }
            if step % 500 == 0 {
                policy.setMaximumWeight(UInt64(capacity) * UInt64(1 + generator.below(6)))
                while policy.isOverBudget, let victim = policy.victim() {
                    residents.removeValue(forKey: victim)
                    policy.evict(victim)
                }
            }
            expect(policy.count == residents.count)
            expect(policy.totalWeight == residents.values.reduce(0) { $0 + UInt64($1) })
        }
        expect(policy.checkInvariants() == [], "seed \(seed)")
    }
}

/// `#expect` for conditions on values that can't be copied.
func expect(_ condition: Bool, _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(condition, comment, sourceLocation: sourceLocation)
}
