import Synchronization

/// A place in a registry; giving it up, or ``end()``, takes the place back.
///
/// Keep it as long as the map is to be watched: beside the map, as a rule. It doesn't keep the map alive.
public final class Registration: Sendable {
    private let ending: @Sendable () -> Void
    private let isOver = Atomic<Bool>(false)

    init(ending: @escaping @Sendable () -> Void) { self.ending = ending }

    deinit { end() }

    /// Takes the name out of the registry.
    ///
    /// **Concurrency:** from any thread; the second call does nothing.
    public func end() {
        // relaxed: who is first, is all that counts.
        if !isOver.exchange(true, ordering: .relaxed) { ending() }
    }
}
