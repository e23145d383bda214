import Strata
import Synchronization

/// What a tiered hash counts.
enum TieredCounter: Int, CaseIterable {
    case peekHits
    case peekMisses
    case localHits
    case localMisses
    case remoteHits
    case remoteReads
    case remoteWrites
    case remoteFailures
    case staleServed
    case coalescedReads
    case coalescedLoads
    case loads
    case loadFailures
    case leaseWaits
    case leasesLost
    case refreshes
    case eagerRefreshes
    case refreshesPutOff
    case queuedWrites
    case sourceWriteFailures
    case invalidatedKeys
    case wholeInvalidations
    case revalidatedKeys
}

/// The counters of a tiered hash.
///
/// Those of hits at the first look are kept by each thread for itself, so that a hit shares no line with another; the others belong to calls that cost
/// far more than a locked addition.
struct TieredCounters: Sendable {
    private let counters = CounterWords(count: TieredCounter.allCases.count)
    private let peeks = ThreadCounters()

    @inline(__always)
    func addPeek(isHit: Bool) {
        peeks.add((isHit ? TieredCounter.peekHits : .peekMisses).rawValue)
    }

    /// A field that the first tier answered at the first look, in a call other than `peek`.
    @inline(__always)
    func addFreshHit() { peeks.add(TieredCounter.localHits.rawValue) }

    func add(_ counter: TieredCounter, _ amount: Int = 1) {
        if amount != 0 { counters.add(amount, to: counter.rawValue) }
    }

    subscript(counter: TieredCounter) -> Int {
        switch counter {
        case .peekHits, .peekMisses: peeks.sum(counter.rawValue)
        case .localHits: peeks.sum(counter.rawValue) + counters[counter.rawValue]
        default: counters[counter.rawValue]
        }
    }
}

/// Some numbers that anyone adds to.
private final class CounterWords: @unchecked Sendable {
    // Sendable because the address is immutable and what it points to are atomic words.

    private let words: UnsafeMutablePointer<Atomic<Int>>

    init(count: Int) {
        words = .allocate(capacity: count)
        for index in 0..<count { (words + index).initialize(to: Atomic(0)) }
    }

    deinit { words.deallocate() }

    /// relaxed: sums are read at any moment, and nothing is published with them.
    func add(_ amount: Int, to index: Int) { words[index].wrappingAdd(amount, ordering: .relaxed) }

    subscript(index: Int) -> Int { words[index].load(ordering: .relaxed) }
}
