// Nothing shows that it is hot.
final class Options: Sendable {
    private let byName = Mutex<[String: String]>([:])

    func option(_ name: String) -> String? { byName.withLock { $0[name] } }
    func set(_ name: String, _ value: String) { byName.withLock { $0[name] = value } }
}
