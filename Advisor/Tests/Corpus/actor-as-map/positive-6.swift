actor Addresses { // expect: actor-as-map
    var known: [String: Address] = [:]
    var count: Int { known.count }

    func address(_ host: String) -> Address? { known[host] }
    func learn(_ host: String, _ address: Address) { known.updateValue(address, forKey: host) }
}
