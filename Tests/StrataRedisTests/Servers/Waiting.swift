import StrataTiering
import Testing

/// All tests that start servers, one after the other: they take the machine's time, and some of them look at the clock.
@Suite(.serialized)
enum RealServers {}

/// Looks every few milliseconds whether a condition has come true: for what happens in another process.
func eventually(
    within limit: Duration = .seconds(10), _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async rethrows {
    let end = ContinuousClock.now + limit
    while ContinuousClock.now < end {
        if try await condition() { return }
        try? await Task.sleep(for: .milliseconds(5))
    }
    if try await condition() { return }
    Issue.record("\(what): not within \(limit)", sourceLocation: sourceLocation)
}

/// How long something takes.
func measured(_ body: () async throws -> Void) async rethrows -> Duration {
    let start = ContinuousClock.now
    try await body()
    return ContinuousClock.now - start
}

/// Values that several tasks append to.
final class Collected<Value: Sendable>: Sendable {
    private let values = Guarded<[Value]>([])

    var all: [Value] { values.withLock { $0 } }

    func append(_ value: Value) { values.withLock { $0.append(value) } }
}
