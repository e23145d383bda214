struct Lease {
    let owner: Int
    let validUntil: UInt64
}
final class Leases {
    private var leases: [String: Lease] = [:] // expect: hand-written-expiry

    func owner(_ name: String, now: UInt64) -> Int? {
        guard let lease = leases[name], now < lease.validUntil else { return nil }
        return lease.owner
    }
    func grant(_ name: String, _ lease: Lease) { leases[name] = lease }
}
