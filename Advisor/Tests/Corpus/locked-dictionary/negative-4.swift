// Only walked over.
final class Listeners: Sendable {
    private let all = Mutex<[Int: Listener]>([:])

    func handle(_ event: Event) { all.withLock { $0.values }.forEach { $0.notify(event) } }
    func add(_ id: Int, _ listener: Listener) { all.withLock { $0[id] = listener } }
}
