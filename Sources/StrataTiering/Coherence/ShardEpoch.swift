/// What is known of one shard's stream of invalidations: a pure state machine.
///
/// The time of a shard is cut into epochs: one ends when the stream is lost, when it comes back, and when all keys of the shard
/// went at once. Everything in the first tier carries the epoch that it was read in, so one number decides what all entries of a
/// shard are worth, without visiting any.
///
/// Invariants:
/// - I1. `number` only grows. Epochs before `floor` were invalidated as a whole.
/// - I2. While `isConnected`, every change that happened since the epoch began has been or will be reported.
package struct ShardEpoch: Sendable {
    /// What an entry is worth.
    package enum Standing: Hashable, Sendable {
        /// Changes of it are reported; by its nature it may lag behind by this time.
        case coherent(staleness: Duration)
        /// It may have changed without a report, since so long ago.
        case suspect(age: Duration)
        /// Something of it has changed, so long ago.
        case invalidated(age: Duration)
    }

    private struct Ended: Sendable {
        let number: UInt64
        /// Until when changes were reported for sure; `nil` if never.
        let coveredUntil: Instant?
    }

    /// The present epoch.
    package private(set) var number: UInt64 = 1
    /// Whether changes are being reported.
    package private(set) var isConnected = false
    /// Whether there will be no reports: entries then live as long as they live.
    package private(set) var isUntracked = false
    /// When the stream was found to be silent, although it wasn't lost.
    package private(set) var isSilent = false
    /// How often the stream was lost.
    package private(set) var lossCount = 0
    /// The number that the store gave to its connection.
    package private(set) var remoteEpoch: UInt64 = 0
    /// When the last canary came back.
    package private(set) var lastCanary: Instant?
    private var proof: Instant?
    private var floor: UInt64 = 0
    private var floorMoment = Instant(nanoseconds: .min)
    private var ended: [Ended] = []

    /// So many epochs back it is known when they ended; what is older has no standing.
    private static let memory = 8

    /// A shard that hasn't been heard of.
    package init() {}

    /// Whether entries of the present epoch may be used without a further look.
    package var isValid: Bool { isUntracked || (isConnected && !isSilent) }

    /// The stream stands.
    package mutating func connect(remoteEpoch: UInt64, now: Instant) {
        if isConnected { disconnect(now: now) }
        end(coveredUntil: nil)
        self.remoteEpoch = remoteEpoch
        isConnected = true
        isSilent = false
        isUntracked = false
        proof = now
        lastCanary = nil
    }

    /// The stream was lost.
    package mutating func disconnect(now: Instant) {
        guard isConnected else { return }
        // The stream may have been dead before that was noticed: a canary proves more than a connection.
        end(coveredUntil: lastCanary == nil && !isSilent ? now : proof)
        isConnected = false
        isSilent = false
        lossCount += 1
    }

    /// All keys went at once.
    package mutating func invalidateEverything(now: Instant) {
        end(coveredUntil: nil)
        floor = number
        floorMoment = now
    }

    /// A change made for the purpose was reported.
    package mutating func receiveCanary(lag: Duration, now: Instant) {
        guard isConnected else { return }
        lastCanary = now
        isSilent = false
        proof = max(proof ?? now, now.advanced(by: .zero - lag))
    }

    /// Looks whether canaries have stopped coming back.
    ///
    /// - Returns: Whether that was found just now.
    package mutating func checkSilence(longerThan limit: Duration, now: Instant) -> Bool {
        guard isConnected, !isSilent, let lastCanary, lastCanary.duration(to: now) > limit else { return false }
        isSilent = true
        return true
    }

    /// There are no reports, and there will be none.
    package mutating func giveUpTracking() { isUntracked = true }

    /// What an entry is worth that was read in an epoch.
    ///
    /// - Parameters:
    ///   - epoch: The epoch.
    ///   - filled: When it was read.
    ///   - now: The present.
    /// - Returns: The best that can be said of it.
    package func standing(epoch: UInt64, filled: Instant, now: Instant) -> Standing {
        if isUntracked { return .coherent(staleness: filled.duration(to: now)) }
        if epoch < floor { return .invalidated(age: floorMoment.duration(to: now)) }
        if epoch == number {
            let known = max(filled, isConnected ? proof ?? filled : filled)
            return isConnected && !isSilent
                ? .coherent(staleness: known.duration(to: now)) : .suspect(age: known.duration(to: now))
        }
        guard let end = ended.first(where: { $0.number == epoch }) else {
            return .suspect(age: filled.duration(to: now))
        }
        return .suspect(age: max(filled, end.coveredUntil ?? filled).duration(to: now))
    }

    private mutating func end(coveredUntil: Instant?) {
        ended.append(Ended(number: number, coveredUntil: coveredUntil))
        if ended.count > Self.memory { ended.removeFirst() }
        number += 1
    }
}
