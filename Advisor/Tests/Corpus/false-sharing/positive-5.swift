final class Gate: Sendable {
    private let waiting = Atomic<Int32>(0)
    let name: String
    private let lock = Mutex<Int>(0) // expect: false-sharing

    init(name: String) { self.name = name }
    func arrive() { waiting.add(1, ordering: .relaxed) }
    func open() { lock.withLock { $0 += 1 } }
}
