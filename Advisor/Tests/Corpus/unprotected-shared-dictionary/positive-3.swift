final class Metrics: @unchecked Sendable {
    private var counts: [String: Int] = [:] // expect if asked: unprotected-shared-dictionary

    func increment(_ name: String) { counts[name, default: 0] += 1 }
    func value(_ name: String) -> Int { counts[name] ?? 0 }
}
