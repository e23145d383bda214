import StrataTiering
import Testing

@Suite struct ShardEpochTests {
    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    @Test func isCoherent_whileReportsCome() {
        var epoch = ShardEpoch()
        epoch.connect(remoteEpoch: 1, now: at(10))
        #expect(epoch.isValid)
        let standing = epoch.standing(epoch: epoch.number, filled: at(12), now: at(20))
        #expect(standing == .coherent(staleness: .seconds(8)))
        epoch.receiveCanary(lag: .seconds(1), now: at(19))
        #expect(epoch.standing(epoch: epoch.number, filled: at(12), now: at(20)) == .coherent(staleness: .seconds(2)))
    }

    @Test func isSuspect_fromTheLossOn() {
        var epoch = ShardEpoch()
        epoch.connect(remoteEpoch: 1, now: at(10))
        let number = epoch.number
        epoch.disconnect(now: at(50))
        #expect(!epoch.isValid)
        #expect(epoch.standing(epoch: number, filled: at(12), now: at(60)) == .suspect(age: .seconds(10)))
        epoch.connect(remoteEpoch: 2, now: at(70))
        #expect(epoch.standing(epoch: number, filled: at(12), now: at(80)) == .suspect(age: .seconds(30)))
        // What was read while nothing was reported is as old as its reading.
        #expect(epoch.standing(epoch: number + 1, filled: at(55), now: at(80)) == .suspect(age: .seconds(25)))
    }

    /// A dead link is noticed late: only the last canary proves that reports came.
    @Test func isSuspectFromTheLastCanaryOn_whenThereAreCanaries() {
        var epoch = ShardEpoch()
        epoch.connect(remoteEpoch: 1, now: at(10))
        epoch.receiveCanary(lag: .zero, now: at(20))
        let number = epoch.number
        epoch.disconnect(now: at(50))
        #expect(epoch.standing(epoch: number, filled: at(12), now: at(60)) == .suspect(age: .seconds(40)))
    }

    @Test func isInvalidated_whenEverythingWent() {
        var epoch = ShardEpoch()
        epoch.connect(remoteEpoch: 1, now: at(10))
        let number = epoch.number
        epoch.invalidateEverything(now: at(20))
        #expect(epoch.isValid)
        #expect(epoch.number > number)
        #expect(epoch.standing(epoch: number, filled: at(12), now: at(25)) == .invalidated(age: .seconds(5)))
    }

    @Test func isSilent_whenCanariesStayAway_untilTheyComeBack() {
        var epoch = ShardEpoch()
        epoch.connect(remoteEpoch: 1, now: at(0))
        // Without any canary there is nothing that could stop.
        var isSilent = epoch.checkSilence(longerThan: .seconds(5), now: at(100))
        #expect(!isSilent)
        epoch.receiveCanary(lag: .zero, now: at(100))
        isSilent = epoch.checkSilence(longerThan: .seconds(5), now: at(106))
        #expect(isSilent)
        #expect(!epoch.isValid)
        let isFoundAgain = epoch.checkSilence(longerThan: .seconds(5), now: at(107))
        #expect(!isFoundAgain)
        // Reports are in order: one that arrives proves that all before it have.
        epoch.receiveCanary(lag: .zero, now: at(110))
        #expect(epoch.isValid)
    }

    @Test func onlyDeadlinesCount_whenNothingIsReported() {
        var epoch = ShardEpoch()
        epoch.giveUpTracking()
        #expect(epoch.isValid)
        #expect(epoch.standing(epoch: 1, filled: at(1), now: at(9)) == .coherent(staleness: .seconds(8)))
    }

    /// In all orders of events an entry is coherent only if reports came without a gap since it was read.
    @Test func neverCoherentAfterAGap_inAnyOrderOfEvents() {
        enum Event: CaseIterable { case connect, disconnect, everything, canary }
        func explore(_ epoch: ShardEpoch, _ time: Int64, _ filledIn: UInt64, _ hasGap: Bool, _ depth: Int) {
            if case .coherent = epoch.standing(epoch: filledIn, filled: at(1), now: at(time)) { #expect(!hasGap) }
            guard depth > 0 else { return }
            for event in Event.allCases {
                var next = epoch
                var gap = hasGap
                switch event {
                case .connect:
                    gap = true
                    next.connect(remoteEpoch: 0, now: at(time))
                case .disconnect:
                    gap = true
                    next.disconnect(now: at(time))
                case .everything:
                    gap = true
                    next.invalidateEverything(now: at(time))
                case .canary: next.receiveCanary(lag: .zero, now: at(time))
                }
                explore(next, time + 1, filledIn, gap, depth - 1)
            }
        }
        var epoch = ShardEpoch()
        epoch.connect(remoteEpoch: 1, now: at(0))
        explore(epoch, 2, epoch.number, false, 7)
    }
}
