/// How well the first tier is kept coherent.
public struct CoherenceReport: Sendable {
    /// How it is done.
    public enum Mode: Hashable, Sendable, CustomStringConvertible {
        /// Nothing has been heard yet.
        case starting
        /// Changes are reported, and that was seen to work.
        case tracking
        /// Changes should be reported, but that wasn't seen to work, or works no more.
        case degraded(String)
        /// The store reports nothing: entries live as long as their deadlines say.
        case deadlinesOnly

        /// As in `tracking`.
        public var description: String {
            switch self {
            case .starting: "starting"
            case .tracking: "tracking"
            case .degraded(let reason): "degraded: \(reason)"
            case .deadlinesOnly: "deadlines only"
            }
        }
    }

    /// How it is done.
    public internal(set) var mode = Mode.starting
    /// How long reports took.
    public internal(set) var lag = LagHistogram()
    /// When the shards that haven't proved themselves were connected.
    var unproved: [ShardID: Instant] = [:]

    init() {}
}
