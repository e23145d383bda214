/// A map in another language.
package enum PeerSubject: String, Codable, Sendable, CaseIterable {
    /// C++: oneTBB and libcuckoo.
    case cpp
    /// Java: `ConcurrentHashMap` and Caffeine.
    case java
    /// Go: `sync.Map`.
    case go
}

extension MapBenchmark {
    func measurePeers(_ progress: Progress) -> [Collected] { [] }
}
