struct Waiters {
    var byKey: [String: [Waiter]] = [:]

    mutating func drop(_ waiter: Waiter, of key: String) {
        guard byKey[key] != nil else { return }
        var list = byKey[key]! // expect: copy-on-write-copy
        list.removeAll { $0.id == waiter.id }
        byKey[key] = list
    }
}
