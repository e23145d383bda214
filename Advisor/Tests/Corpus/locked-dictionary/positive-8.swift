final class Resolver: Sendable {
    private let known = Mutex<[String: Address]>([:]) // expect: locked-dictionary

    func routeRequest(_ host: String) -> Address? {
        known.withLock { $0[host] }
    }
    func learn(_ host: String, _ address: Address) {
        known.withLock { $0[host] = address }
    }
}
