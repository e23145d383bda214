/// Maps, caches, stores, pools and tiers by name: what a ``MapMonitor`` watches.
///
/// ```swift
/// let sessions = ConcurrentMap<UInt64, Session>()
/// let registration = try MapRegistry.shared.register(sessions, name: "sessions")
/// ```
///
/// A registered map's life isn't extended: one that goes takes its place with it. Names are labels of metrics, so there is a limit to their length
/// and number. No two maps share one, and no two things made of tiers; a map and a tiered hash over it may.
///
/// **Concurrency:** everything from any thread.
public final class MapRegistry: Sendable {
    /// The registry of the process.
    public static let shared = MapRegistry()

    /// The longest name, in bytes.
    public static let maximumNameLength = 64

    /// How many things may be registered.
    public let limit: Int
    /// What happens inside of them.
    public let journal: EventJournal

    private struct State {
        var maps: [RegisteredMap] = []
        var tiers: [RegisteredTiers] = []
        var metrics: [RegisteredMetrics] = []
        var traceID: (@Sendable () -> String?)?

        var count: Int { maps.count + tiers.count + metrics.count }
    }

    private let state = LockedValue(State())

    /// An empty registry.
    ///
    /// - Parameters:
    ///   - limit: How many things may be registered: each makes some dozens of time series. 1 to 10 000.
    ///   - eventCapacity: How many events are kept.
    public init(limit: Int = 256, eventCapacity: Int = 512) {
        self.limit = min(max(limit, 1), 10_000)
        journal = EventJournal(capacity: eventCapacity)
    }

    /// Says how to find the trace that the calling thread's work belongs to, for exemplars.
    ///
    /// Asked for sampled operations only; counts for what is registered
    /// from then on.
    public func setTraceIdentifier(_ traceID: @escaping @Sendable () -> String?) {
        state.withLock { $0.traceID = traceID }
    }

    /// Enters a map, cache, store or pool, and begins to observe a sample of its operations.
    ///
    /// - Parameters:
    ///   - source: What to watch; not kept alive.
    ///   - name: What it is called on pages and in labels.
    ///   - limit: How much it may hold before it hurts; when that is going to be reached is forecast. `nil` where being full is usual, as of a cache.
    /// - Returns: What keeps the place.
    /// - Throws: ``RegistryError``.
    public func register(
        _ source: some MapFigureSource, name: String, limit: MapLimit? = nil
    ) throws(RegistryError) -> Registration {
        let recorder = OperationRecorder(traceID: state.withLock { $0.traceID })
        return try enter(source, name: name, limit: limit, recorder: recorder, isObserved: true)
    }

    /// Enters something made of tiers, such as a breaker or a client of a remote store.
    ///
    /// - Parameters:
    ///   - source: What to watch; not kept alive.
    ///   - name: What it is called on pages and in labels.
    /// - Returns: What keeps the place.
    /// - Throws: ``RegistryError``.
    public func register(_ source: some TierFigureSource, name: String) throws(RegistryError) -> Registration {
        let tiers = RegisteredTiers(name: name, of: source)
        try add(tiers, to: \.tiers)
        return Registration { [weak self] in self?.state.withLock { $0.tiers.removeAll { $0 === tiers } } }
    }

    /// Enters something that is made of tiers, the first of which is a map: both under one name.
    ///
    /// - Parameters:
    ///   - source: What to watch; not kept alive.
    ///   - name: What it is called on pages and in labels.
    ///   - limit: How much the first tier may hold before it hurts; `nil` where being full is usual.
    /// - Returns: What keeps both places.
    /// - Throws: ``RegistryError``; then neither is entered.
    public func register(
        _ source: some MapFigureSource & TierFigureSource, name: String, limit: MapLimit?
    ) throws(RegistryError) -> Registration {
        let recorder = OperationRecorder(traceID: state.withLock { $0.traceID })
        let map = try enter(source, name: name, limit: limit, recorder: recorder, isObserved: true)
        let tiers = RegisteredTiers(name: name, of: source)
        // If it fails, the map's place goes with its registration.
        try add(tiers, to: \.tiers)
        return Registration { [weak self] in
            map.end()
            self?.state.withLock { $0.tiers.removeAll { $0 === tiers } }
        }
    }

    /// Enters something that is made of tiers, the first of which is a map, without a limit; see ``register(_:name:limit:)``.
    public func register(
        _ source: some MapFigureSource & TierFigureSource, name: String
    ) throws(RegistryError) -> Registration {
        // A function of its own: one with a default value would lose against the one for any source made of tiers.
        try register(source, name: name, limit: nil)
    }

    /// Enters a map whose operations the caller observes himself.
    ///
    /// - Parameters:
    ///   - source: What to watch.
    ///   - name: What it is called.
    ///   - limit: How much it may hold before it hurts.
    ///   - recorder: Where operations are entered.
    ///   - isObserved: Whether the source itself is to enter a sample of its operations there.
    /// - Returns: What keeps the place.
    /// - Throws: ``RegistryError``.
    package func enter(
        _ source: some MapFigureSource, name: String, limit: MapLimit? = nil, recorder: OperationRecorder,
        isObserved: Bool = false
    ) throws(RegistryError) -> Registration {
        if let limit, limit.amount <= 0 { throw .limitIsNotPositive(name: name, limit: limit) }
        let map = RegisteredMap(name: name, source: source, limit: limit, recorder: recorder)
        try add(map, to: \.maps)
        if isObserved { (source as? any ObservableSource)?.attach(map.recorder) }
        return Registration { [weak self, weak map] in
            guard let map else { return }
            if isObserved { (map.source as? any ObservableSource)?.attach(nil) }
            self?.state.withLock { $0.maps.removeAll { $0 === map } }
        }
    }

    /// Enters something made of tiers: what ``TierFigures`` are about.
    ///
    /// - Parameters:
    ///   - name: What it is called on pages and in labels.
    ///   - figures: The figures of this moment; `nil` when it is gone. Asked once a second; it should take microseconds and must not wait.
    /// - Returns: What keeps the place.
    /// - Throws: ``RegistryError``.
    public func registerTiers(
        name: String, _ figures: @escaping @Sendable () -> TierFigures?
    ) throws(RegistryError) -> Registration {
        let tiers = RegisteredTiers(name: name, figures: figures)
        try add(tiers, to: \.tiers)
        return Registration { [weak self] in self?.state.withLock { $0.tiers.removeAll { $0 === tiers } } }
    }

    /// Enters metrics that appear with those of the maps.
    ///
    /// - Parameters:
    ///   - name: For telling them apart here; it appears nowhere.
    ///   - families: The metrics of this moment. Asked when metrics are; it must not wait.
    /// - Returns: What keeps the place.
    /// - Throws: ``RegistryError``.
    public func registerMetrics(
        name: String, _ families: @escaping @Sendable () -> [MetricFamily]
    ) throws(RegistryError) -> Registration {
        let metrics = RegisteredMetrics(name: name, families: families)
        try add(metrics, to: \.metrics)
        return Registration { [weak self] in self?.state.withLock { $0.metrics.removeAll { $0 === metrics } } }
    }

    private func add<Element: Registered>(
        _ element: Element, to list: WritableKeyPath<State, [Element]>
    ) throws(RegistryError) {
        removeTheDead()
        let name = element.name
        let problem: RegistryError? = state.withLock { state in
            if name.isEmpty { return .nameIsEmpty }
            if name.utf8.count > Self.maximumNameLength {
                return .nameIsTooLong(name: name, limit: Self.maximumNameLength)
            }
            if state[keyPath: list].contains(where: { $0.name == name }) { return .nameIsTaken(name: name) }
            if state.count >= limit { return .isFull(limit: limit) }
            state[keyPath: list].append(element)
            return nil
        }
        if let problem { throw problem }
    }

    /// The maps that still exist, in the order they came.
    var maps: [RegisteredMap] {
        removeTheDead()
        return state.withLock { $0.maps }
    }

    /// Takes out maps and tiers that are no more.
    ///
    /// They are looked at without the lock: a map may come to its end by that, and its end may give up a registration.
    private func removeTheDead() {
        let (maps, tiers) = state.withLock { ($0.maps, $0.tiers) }
        let deadMaps = maps.filter { $0.source == nil }
        let deadTiers = tiers.filter { $0.isGone() }
        guard !deadMaps.isEmpty || !deadTiers.isEmpty else { return }
        state.withLock { state in
            state.maps.removeAll { map in deadMaps.contains { $0 === map } }
            state.tiers.removeAll { tiers in deadTiers.contains { $0 === tiers } }
        }
    }

    /// What is made of tiers.
    var tiers: [RegisteredTiers] {
        removeTheDead()
        return state.withLock { $0.tiers }
    }

    /// The metrics of others.
    var otherMetrics: [MetricFamily] { state.withLock { $0.metrics }.flatMap { $0.families() } }

    /// The names in use.
    public var names: [String] {
        state.withLock { state in
            state.maps.map(\.name) + state.tiers.map(\.name) + state.metrics.map(\.name)
        }
    }
}
