/// Something in a registry.
protocol Registered: AnyObject, Sendable {
    /// What it is called.
    var name: String { get }
}

/// Something made of tiers in a registry.
final class RegisteredTiers: Registered {
    let name: String
    let figures: @Sendable () -> TierFigures?
    /// Whether what the figures are of is no more.
    let isGone: @Sendable () -> Bool
    let past = LockedValue<TierFigures?>(nil)

    init(
        name: String, figures: @escaping @Sendable () -> TierFigures?,
        isGone: @escaping @Sendable () -> Bool = { false }
    ) {
        self.name = name
        self.figures = figures
        self.isGone = isGone
    }

    /// What a source reports for as long as it lives; it isn't kept alive.
    convenience init(name: String, of source: some TierFigureSource) {
        self.init(
            name: name, figures: { [weak source] in source?.tierFigures() }, isGone: { [weak source] in source == nil })
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
