/// What the program around the maps knows and the maps don't: asked once a second.
public struct DashboardFacts: Sendable {
    /// What a tier has answered so far.
    public struct TierTotal: Sendable {
        /// What tells it from the others.
        public var name: String
        /// What it is called for people.
        public var label: String
        /// Lookups it has answered so far.
        public var total: Int
        /// Whether it stands for what no tier could answer.
        public var isMiss: Bool

        /// A tier's total.
        public init(name: String, label: String, total: Int, isMiss: Bool = false) {
            self.name = name
            self.label = label
            self.total = total
            self.isMiss = isMiss
        }
    }

    /// The program's version.
    public var version = ""
    /// What it is for.
    public var role = "program"
    /// Where clients connect to.
    public var address: String?
    /// Seconds since it was started; `nil` to go by the monitor's.
    public var uptime: Double?
    /// Requests so far; `nil` to count the maps' operations.
    public var requestTotal: Int?
    /// Memory in use; `nil` to add up the maps'.
    public var usedMemory: Int?
    /// The limit of that; `nil` without one.
    public var memoryLimit: Int?
    /// Whether entries make room for others at that limit, so that reaching it is nothing to worry about.
    public var makesRoom = false
    /// What memory is used for.
    public var memoryParts: [DashboardState.MemoryPart] = []
    /// Connections; `nil` for a program without any.
    public var connections: Int?
    /// How many there may be.
    public var connectionLimit: Int?
    /// Connections so far.
    public var acceptedTotal = 0
    /// Connections turned away so far.
    public var rejectedTotal = 0
    /// Who has answered; empty to go by the registered tiers or, without any, by the maps.
    public var tiers: [TierTotal] = []
    /// What the program itself finds worrying.
    public var concerns: [HealthReport.Reason] = []
    /// Why keys are not to be shown; `nil` if they may be.
    public var hidesKeys: String?

    /// Nothing known.
    public init() {}
}
