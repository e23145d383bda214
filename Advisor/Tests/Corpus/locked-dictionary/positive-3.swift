final class Limits: Sendable {
    let counts = NIOLockedValueBox<[String: Int]>([:]) // expect: locked-dictionary

    func process(_ client: String) -> Int { counts.withLockedValue { $0[client] ?? 0 } }
    func count(_ client: String) { counts.withLockedValue { $0[client, default: 0] += 1 } }
}
