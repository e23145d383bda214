/// What a cache counts, in `CounterStripes`.
@frozen
@usableFromInline
struct CacheCounters: Sendable {
    @usableFromInline let stripes: CounterStripes

    /// What there is to count.
    @usableFromInline
    enum Counter: Int {
        case hits
        case misses
        case loads
        case loadFailures
        case loadNanoseconds
    }

    init(ownedStripeCount: Int) { stripes = CounterStripes(ownedStripeCount: ownedStripeCount) }

    @usableFromInline
    func deallocate() { stripes.deallocate() }

    /// Counts something.
    @inlinable @inline(__always)
    func add(_ amount: Int = 1, to counter: Counter) { stripes.add(amount, to: counter.rawValue) }

    /// The sum over all threads.
    func sum(_ counter: Counter) -> Int { stripes.sum(counter.rawValue) }
}
