final class DNSCache {
    private struct Record {
        var address: Address
        var insertedAt: NIODeadline
    }
    private var records: [String: Record] = [:] // expect: hand-written-expiry

    func address(_ host: String) -> Address? {
        guard let record = records[host] else { return nil }
        if record.insertedAt + .seconds(60) < .now() { return nil }
        return record.address
    }
    func store(_ host: String, _ address: Address) {
        records[host] = Record(address: address, insertedAt: .now())
    }
}
