/// Two alert rules for the same trouble: one that warns, and one that calls somebody.
///
/// Both have the same name and labels but for `severity`, so that Alertmanager silences the warning while the critical one fires.
struct AlertPair: Sendable {
    /// The name of both.
    var name: String
    /// What the options for its thresholds begin with.
    var key: String
    /// What happens, in a sentence, with Prometheus' templates.
    var summary: String
    /// What to do about it.
    var advice: String
    /// The threshold from which on it warns.
    var warning: Double
    /// The threshold from which on it is critical.
    var critical: Double
    /// What thresholds are possible.
    var range: ClosedRange<Double>
    /// Whether low values are bad.
    var isBelow = false
    /// For how many seconds both must hold in any case; `nil` for what the windows say.
    var seconds: Int?
    /// The expression that is compared; `WINDOW` stands for the window that rates are taken over.
    var value: String
    /// What else has to hold, as `and …`; may be empty.
    var condition = ""
}

extension AlertPair {
    /// All of them.
    static let all: [AlertPair] = [
        AlertPair(
            name: "CacheHitRatioLow", key: "hit-ratio",
            summary: "{{ $labels.cache_name }} answers only {{ $value | humanizePercentage }} of the requests.",
            advice:
                "Give it more room, look at deadlines that are too short, or ask whether this cache is worth having.",
            warning: 0.7, critical: 0.5, range: 0...1, isBelow: true, value: "cache:hit_ratio",
            condition: "and cache:requests:rate > 1"),
        AlertPair(
            name: "CacheLatencyHigh", key: "latency",
            summary:
                "One of a hundred operations on {{ $labels.cache_name }} takes more than {{ $value | humanizeDuration }}.",
            advice: "Look at the dashboard's heat map: growth, evictions and sweeps are marked on it.",
            warning: 0.001, critical: 0.01, range: 0...3600, value: "cache:request_duration_seconds:p99"),
        AlertPair(
            name: "CacheEvictionStorm", key: "evictions",
            summary: "{{ $labels.cache_name }} evicts {{ $value | humanizePercentage }} of its entries every minute.",
            advice: "It is too small for what is used at the same time, or something walks through all keys.",
            warning: 0.05, critical: 0.25, range: 0...1000, value: "cache:evictions:share_per_minute"),
        AlertPair(
            name: "MapLoadFactorHigh", key: "load-factor",
            summary: "{{ $value | humanizePercentage }} of the slots of {{ $labels.cache_name }} are in use.",
            advice: "Tables grow before that: growth has stopped, or is slower than insertion.",
            warning: 0.92, critical: 0.97, range: 0...1, value: "cache_load_factor"),
        AlertPair(
            name: "MapCollisionsHigh", key: "collisions",
            summary:
                "{{ $value | humanizePercentage }} of the entries of {{ $labels.cache_name }} aren't where they belong.",
            advice: "Keys hash badly, or somebody chooses them: look at the histogram of probe lengths.",
            warning: 0.3, critical: 0.6, range: 0...1, value: "cache_collision_ratio"),
        AlertPair(
            name: "LimitAhead", key: "forecast",
            summary: "{{ $labels.cache_name }} reaches its limit in {{ $value | humanizeDuration }}.",
            advice: "Make room or raise the limit before it is reached.",
            warning: 3600, critical: 1380, range: 0...31_536_000, isBelow: true, seconds: 0,
            value: "strata_forecast_seconds_to_limit", condition: "and strata_forecast_warning >= LEVEL"),
        AlertPair(
            name: "BreakerOpen", key: "breaker",
            summary:
                "The second tier of {{ $labels.cache_name }} was given up {{ $value | humanizePercentage }} of the time.",
            advice: "The shard is down, unreachable or too slow; values come from the first tier and from the source.",
            warning: 0.1, critical: 0.6, range: 0...1, value: "avg_over_time((cache_breaker_state == bool 2)[WINDOW:])"),
        AlertPair(
            name: "InvalidationsLate", key: "invalidation-lag",
            summary: "Changes reach {{ $labels.cache_name }} {{ $value | humanizeDuration }} late.",
            advice:
                "What is read may be that old: look at the network, and at how busy the second tier and this process are.",
            warning: 0.1, critical: 1, range: 0...3600, value: "cache_invalidation_lag_seconds"),
        AlertPair(
            name: "CoherenceDegraded", key: "coherence",
            summary: "{{ $labels.cache_name }} wasn't told of changes {{ $value | humanizePercentage }} of the time.",
            advice: "The stream of changes is interrupted; what is kept counts as suspect.",
            warning: 0.1, critical: 0.6, range: 0...1, value: "1 - avg_over_time(cache_shard_connected[WINDOW])"),
        AlertPair(
            name: "MemoryBudgetNearlyUsed", key: "memory",
            summary: "{{ $value | humanizePercentage }} of the memory that data may take is in use.",
            advice: "Evictions begin at 100 %; without a policy, writes are refused then.",
            warning: 0.85, critical: 0.95, range: 0...1,
            value: "strata_memory_used_bytes / (strata_memory_limit_bytes > 0)"),
        AlertPair(
            name: "ProcessOverloaded", key: "load",
            summary: "The process is at {{ $value | humanizePercentage }} of what it can do.",
            advice: "Add a process or a machine: processor, connections or latency are near what is possible.",
            warning: 0.75, critical: 0.9, range: 0...1, seconds: 60, value: "strata_load_factor"),
        AlertPair(
            name: "ShardsUneven", key: "imbalance",
            summary:
                "The fullest shard of {{ $labels.cache_name }} holds {{ $value | humanize }} times as much as the mean.",
            advice: "Some keys share too much of their hash, or some hashes are very large.",
            warning: 1.5, critical: 3, range: 1...1_000_000, value: "cache_shard_imbalance_ratio",
            condition: "and cache_entries > 10000"),
    ]
}
