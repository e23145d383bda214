/// Something in a registry.
protocol Registered: AnyObject, Sendable {
    /// What it is called.
    var name: String { get }
}

/// Something made of tiers in a registry.
final class RegisteredTiers: Registered {
    let name: String
    let figures: @Sendable () -> TierFigures?
    let past = LockedValue<TierFigures?>(nil)

    init(name: String, figures: @escaping @Sendable () -> TierFigures?) {
        self.name = name
        self.figures = figures
    }
}

/// Metrics of others in a registry.
final class RegisteredMetrics: Registered {
    let name: String
    let families: @Sendable () -> [MetricFamily]

    init(name: String, families: @escaping @Sendable () -> [MetricFamily]) {
        self.name = name
        self.families = families
    }
}
