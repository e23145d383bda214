struct Counters: ~Copyable {
    let values = Mutex([String: Int]()) // expect: locked-dictionary

    func dispatch(_ name: String) -> Int? { values.withLock { $0[name] } }
    func add(_ name: String) { values.withLock { $0[name, default: 0] += 1 } }
}
