/// What is looked at to tell whether everything is fine, and from where on it isn't.
enum HealthRules {
    /// Lookups in a minute below which a hit ratio says nothing.
    static let fewLookups = 1000
    /// Requests a second below which a key's share says nothing.
    static let fewRequests = 100.0
    /// The part of the requests that one key may have.
    static let hotKeyShare = 0.25
    /// The part of the sampled entries that may be away from their first group.
    ///
    /// With evenly spread hashes it stays below 0.15 up to the load factor at which tables grow.
    static let collisionRatio = 0.3
    /// The parts of the connections that may be in use before it is worth a look, and before somebody should act.
    static let connectionParts = (warning: 0.8, critical: 0.95)
    /// The same for memory that nothing makes room in.
    static let memoryParts = (warning: 0.85, critical: 0.97)

    /// What there is to say of a moment.
    ///
    /// - Parameters:
    ///   - state: The moment; its own health isn't looked at.
    ///   - facts: What the program knows.
    ///   - lowHitMaps: Maps whose hits have been few for a quarter of an hour, with their ratios.
    ///   - rejected: Connections turned away in the last minute.
    ///   - storms: Maps that evict far more than usual, of the last minute.
    /// - Returns: Sentences in no order; praise only where there is no concern.
    static func reasons(
        _ state: DashboardState, _ facts: DashboardFacts, lowHitMaps: [(name: String, ratio: Double)], rejected: Int,
        storms: [String]
    ) -> [HealthReport.Reason] {
        var reasons = facts.concerns
        for breaker in state.breakers where breaker.state == "open" {
            reasons.append(
                .init(.critical, "The breaker of \(breaker.name) is open: it is not asked until a trial succeeds."))
        }
        for breaker in state.breakers where breaker.state == "halfOpen" {
            reasons.append(.init(.warning, "The breaker of \(breaker.name) is letting a trial pass."))
        }
        reasons += forecasts(state) + memory(state, facts) + connections(state, rejected: rejected)
        if let load = state.load, load.isAdvised {
            reasons.append(
                .init(
                    .warning,
                    "The process has been busy for over a minute (load \(Readable.percent(load.value))): more capacity is advised."
                ))
        }
        for map in lowHitMaps {
            reasons.append(
                .init(
                    .warning,
                    "Only \(Readable.percent(map.ratio)) of the lookups in \(map.name) find something; below 70 % a cache hardly pays."
                ))
        }
        for name in storms {
            reasons.append(
                .init(.warning, "\(name) is evicting far more than usual: what is in use doesn't fit any more."))
        }
        reasons += keys(state)
        if reasons.allSatisfy({ $0.level == .good }) { reasons += praise(state) }
        return reasons
    }

    private static func forecasts(_ state: DashboardState) -> [HealthReport.Reason] {
        state.forecasts.compactMap { forecast in
            guard let level = HealthReport.Level(rawValue: forecast.warning), level != .good else { return nil }
            return .init(level, "\(forecast.title): \(forecast.text).")
        }
    }

    private static func memory(_ state: DashboardState, _ facts: DashboardFacts) -> [HealthReport.Reason] {
        guard let limit = state.memory.limit, limit > 0, !facts.makesRoom else { return [] }
        let part = Double(state.memory.used) / Double(limit)
        guard part >= memoryParts.warning else { return [] }
        return [
            .init(
                part >= memoryParts.critical ? .critical : .warning,
                "Memory is full to \(Readable.percent(part)) of \(Readable.bytes(limit)), and nothing makes room: at the limit writes fail."
            )
        ]
    }

    private static func connections(_ state: DashboardState, rejected: Int) -> [HealthReport.Reason] {
        if rejected > 0 {
            return [
                .init(.critical, "\(rejected) connections were turned away in the last minute: the limit is reached.")
            ]
        }
        guard let limit = state.connections.limit, limit > 0 else { return [] }
        let part = Double(state.connections.open) / Double(limit)
        guard part >= connectionParts.warning else { return [] }
        return [
            .init(
                part >= connectionParts.critical ? .critical : .warning,
                "\(state.connections.open) of at most \(limit) connections are in use.")
        ]
    }

    /// What is wrong with how keys are spread.
    private static func keys(_ state: DashboardState) -> [HealthReport.Reason] {
        var reasons: [HealthReport.Reason] = []
        let hot = state.hotKeys
        if state.requestsPerSecond >= fewRequests, let key = hot.keys.first, hot.total > 0 {
            let least = (key.count - key.overcount - 2 * key.samplingError) / hot.total
            if least >= hotKeyShare {
                reasons.append(
                    .init(
                        .warning,
                        "One key takes \(Readable.percent(key.share)) of the requests in \(hot.map): see the hot keys.")
                )
            }
        }
        if let window = state.windows.first(where: { $0.name == "collision" })?.spans.first?.value,
            window > collisionRatio
        {
            reasons.append(
                .init(
                    .warning,
                    "\(Readable.percent(window)) of the entries are not in the first place looked at: hashes are spread badly."
                ))
        }
        return reasons
    }

    /// What shows that everything is fine.
    private static func praise(_ state: DashboardState) -> [HealthReport.Reason] {
        var parts: [String] = []
        if let ratio = state.hitRatio, state.lookups >= fewLookups {
            parts.append("\(Readable.percent(ratio)) of the lookups find something")
        }
        if let p99 = state.quantiles.p99 {
            parts.append("99 % of the operations take no longer than \(Readable.latency(p99))")
        }
        guard let first = parts.first else { return [] }
        let text = ([first.prefix(1).uppercased() + first.dropFirst()] + parts.dropFirst()).joined(separator: ", ")
        return [.init(.good, text + ".")]
    }
}
