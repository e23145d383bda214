/// Watches what is registered: keeps its recent past, and answers for metrics and pages.
///
/// ```swift
/// let monitor = MapMonitor.start()                                        // once in a program
/// let registration = try MapRegistry.shared.register(sessions, name: "sessions")
/// …
/// let text = monitor.metricsText(accept: request.headers["accept"])       // at /metrics
/// ```
///
/// Once a second it takes the figures of all maps: some microseconds for each, on a thread of its own.
///
/// **Concurrency:** everything from any thread.
public final class MapMonitor: Sendable {
    /// What is watched.
    public let registry: MapRegistry
    /// Forecasts of the maps that have a limit, and of whatever else is entered there.
    public let limits: LimitWatch
    /// The time it goes by.
    let clock: MonitorClock
    /// What counts as full for the load.
    let loadSettings: CompositeLoad.Settings
    /// When it was made, on its clock.
    let startTime: Double
    private let process: @Sendable () -> ProcessFigures
    private let connections: @Sendable () -> (current: Int, limit: Int)
    private let beforeTick: @Sendable () -> Void
    private let state: LockedValue<MonitorState>
    /// Maps that had a limit at the last tick.
    private let limitedNames = LockedValue<Set<String>>([])
    private let thread = LockedValue<BackgroundThread?>(nil)
    private let listeners = LockedValue<[@Sendable () -> Void]>([])

    /// Prepares a monitor; nothing is watched before ``start()`` or ``tick()``.
    ///
    /// - Parameters:
    ///   - registry: What to watch.
    ///   - limits: Where forecasts are made; one of its own unless stated.
    ///   - loadSettings: What counts as full for the load.
    ///   - connections: How many connections there are and may be, for the load; asked once a second.
    ///   - clock: The time; a test's own, or the system's.
    ///   - process: What the process uses; a test's own, or the system's.
    ///   - beforeTick: Called each time before everything is looked at: for registering what has come up.
    public init(
        registry: MapRegistry = .shared, limits: LimitWatch = LimitWatch(),
        loadSettings: CompositeLoad.Settings = .init(),
        connections: @escaping @Sendable () -> (current: Int, limit: Int) = { (0, 0) },
        clock: MonitorClock = .system, process: @escaping @Sendable () -> ProcessFigures = { .current() },
        beforeTick: @escaping @Sendable () -> Void = {}
    ) {
        self.registry = registry
        self.limits = limits
        self.loadSettings = loadSettings
        self.connections = connections
        self.clock = clock
        self.process = process
        self.beforeTick = beforeTick
        startTime = clock.now()
        state = LockedValue(MonitorState())
    }

    deinit { stop() }

    /// Makes a monitor of a registry and begins to watch.
    ///
    /// - Parameters:
    ///   - registry: What to watch.
    ///   - forecast: How forecasts of what has a limit look at time.
    /// - Returns: The monitor.
    public static func start(
        registry: MapRegistry = .shared, forecast: GrowthForecaster.Configuration = .init()
    ) -> MapMonitor {
        let monitor = MapMonitor(registry: registry, limits: LimitWatch(configuration: forecast))
        monitor.start()
        return monitor
    }

    /// Begins to watch, on a thread of its own that sleeps nearly always.
    ///
    /// Does nothing if it has begun.
    public func start() {
        thread.withLock { thread in
            guard thread == nil else { return }
            thread = BackgroundThread(interval: 1) { [weak self] in self?.tick() }
        }
    }

    /// Ceases to watch.
    ///
    /// Figures stay as they are.
    public func stop() {
        thread.withLock { thread in
            thread?.stop()
            thread = nil
        }
    }

    /// Looks at everything once: what ``start()`` does every second.
    public func tick() {
        beforeTick()
        let time = clock.now()
        let process = process()
        let former = state.withLock { state -> MonitorState in
            defer {
                state.time = time
                state.process = process
            }
            return state
        }
        let elapsed = former.time.map { max(time - $0, 0) } ?? 0
        let used = former.process.map { max(process.processorSeconds - $0.processorSeconds, 0) } ?? 0
        for map in registry.maps {
            map.tick(time: time, elapsed: elapsed, processNanoseconds: Int(used * 1e9), journal: registry.journal)
        }
        updateLimits(time: time)
        for tiers in registry.tiers { tiers.tick(time: time, journal: registry.journal) }
        updateLoad(time: time, elapsed: elapsed, used: used, process)
        for listener in listeners.withLock({ $0 }) { listener() }
    }

    /// Has something done after each tick, on the thread that ticks.
    ///
    /// For as long as the monitor lives: the closure should refer to its owner weakly.
    public func afterEachTick(_ listener: @escaping @Sendable () -> Void) {
        listeners.withLock { $0.append(listener) }
    }

    private func updateLimits(time: Double) {
        var names: Set<String> = []
        for map in registry.maps {
            guard let limit = map.limit, let figures = map.past.withLock({ $0.figures }) else { continue }
            names.insert(map.name)
            observe(
                map.name, value: limit.value(of: figures), limit: Double(limit.amount), unit: limit.unit, time: time)
        }
        let former = limitedNames.withLock { former in
            defer { former = names }
            return former
        }
        for name in former.subtracting(names) { limits.forget(name) }
    }

    /// Takes a measurement of something that isn't a map but has a limit, such as the memory of all of them, and writes down a change of its warning.
    ///
    /// To be called before or after each tick.
    ///
    /// - Parameters:
    ///   - name: What the figure is called; a label of metrics. No map that has a limit may be called so.
    ///   - value: In its own unit.
    ///   - limit: In the same unit; 0 or less means that there is none.
    ///   - unit: What is counted.
    ///   - makesRoom: Whether reaching the limit is nothing to worry about.
    ///   - time: Seconds on the monitor's clock.
    public func observe(
        _ name: String, value: Double, limit: Double, unit: MapLimit.Unit, makesRoom: Bool = false, time: Double
    ) {
        let change = limits.observe(
            name, value: value, limit: limit, unit: unit, makesRoom: makesRoom, time: time)
        guard let change, change.before == .none || change.after == .none else { return }
        registry.journal.record(
            .forecastWarning, name, time: time, change.after == .none ? 0 : 1, change.secondsUntilLimit ?? 0)
    }

    private func updateLoad(time: Double, elapsed: Double, used: Double, _ process: ProcessFigures) {
        guard elapsed > 0 else { return }
        let connections = connections()
        let latency = registry.maps.compactMap { recentLatency95(of: $0) }.max()
        let load = CompositeLoad(
            processor: used / elapsed / max(process.processorCount, 0.01),
            connections: connections.limit > 0 ? Double(connections.current) / Double(connections.limit) : 0,
            latency95: latency, settings: loadSettings)
        let change = state.withLock { state -> Bool? in
            state.load = load
            state.connections = connections
            return state.rule.update(load: load.factor, time: time) ? state.rule.isAdvising : nil
        }
        if let change {
            registry.journal.record(.scaleAdvice, "process", time: time, change ? 1 : 0, load.factor * 100)
        }
    }

    /// The 95th percentile of a map's latencies since the tick before the last.
    private func recentLatency95(of map: RegisteredMap) -> Double? {
        map.past.withLock { $0.recent }.quantile(0.95)
    }

    /// What the process uses, its load and the advice, as of the last tick.
    func current() -> MonitorState { state.withLock { $0 } }
}

/// What a monitor knows of the process.
struct MonitorState: Sendable {
    /// When the last tick was.
    var time: Double?
    var process: ProcessFigures?
    var load = CompositeLoad()
    var connections = (current: 0, limit: 0)
    var rule = ScaleRule()
}
