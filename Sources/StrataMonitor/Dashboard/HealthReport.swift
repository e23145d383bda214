/// Whether everything is fine, in plain sentences.
public struct HealthReport: Codable, Hashable, Sendable {
    /// How bad it is.
    public enum Level: String, Codable, Comparable, Sendable {
        /// Fine.
        case good
        /// Worth a look.
        case warning
        /// Somebody should act.
        case critical

        private var rank: Int { self == .good ? 0 : self == .warning ? 1 : 2 }

        /// Whether one is less bad than the other.
        public static func < (first: Level, second: Level) -> Bool { first.rank < second.rank }
    }

    /// One sentence.
    public struct Reason: Codable, Hashable, Sendable {
        /// How bad it is.
        public var level: Level
        /// What is the case, and why that matters.
        public var text: String

        /// A reason.
        public init(_ level: Level, _ text: String) {
            self.level = level
            self.text = text
        }
    }

    /// The worst of the reasons.
    public var level: Level
    /// All of it in a few words.
    public var headline: String
    /// Why, the worst first; if everything is fine, what shows that.
    public var reasons: [Reason]

    /// The report that some reasons make.
    ///
    /// - Parameters:
    ///   - reasons: What was found; those that are `good` count only if there is nothing else.
    ///   - isIdle: Whether nobody has asked for anything yet.
    public init(_ reasons: [Reason], isIdle: Bool) {
        let concerns = reasons.filter { $0.level != .good }
        let critical = concerns.filter { $0.level == .critical }
        level = critical.isEmpty ? (concerns.isEmpty ? .good : .warning) : .critical
        switch (critical.count, concerns.count) {
        case (0, 0): headline = isIdle ? "Ready, and waiting for the first request" : "Everything is fine"
        case (0, 1): headline = "One thing to look at"
        case (0, let count): headline = "\(count) things to look at"
        case (1, _): headline = "One thing needs attention now"
        case (let count, _): headline = "\(count) things need attention now"
        }
        self.reasons =
            concerns.isEmpty
            ? (isIdle ? [] : reasons)
            : critical + concerns.filter { $0.level == .warning }
    }
}
