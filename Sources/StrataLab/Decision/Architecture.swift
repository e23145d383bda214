/// Where a service can keep data that it looks up by key.
package enum Architecture: String, CaseIterable, Codable, Sendable {
    /// A map in each process.
    case local
    /// A map in each process over one Redis or Valkey, told by it what has changed.
    case tiered
    /// Redis or Valkey alone: one server, or a Cluster where one isn't enough.
    case cluster

    /// What people call it.
    package var title: String {
        switch self {
        case .local: "local map"
        case .tiered: "tiered"
        case .cluster: "cluster"
        }
    }

    /// What it is, in a sentence.
    package var explanation: String {
        switch self {
        case .local: "a ConcurrentMap or Cache in each process; nothing else has to run"
        case .tiered: "a TieredHash in each process over Redis or Valkey, kept coherent by invalidations"
        case .cluster: "every call goes to Redis or Valkey: one server, or a Cluster where one isn't enough"
        }
    }
}

/// What an architecture is judged by.
package enum DecisionDimension: String, CaseIterable, Codable, Sendable {
    /// How much load it can take, beside what is asked of it.
    case throughput
    /// The 99th percentile of an operation, beside what is wished for.
    case latency
    /// How old what is read may be, beside what is allowed.
    case consistency
    /// Memory, servers, and what somebody has to look after.
    case cost
}
