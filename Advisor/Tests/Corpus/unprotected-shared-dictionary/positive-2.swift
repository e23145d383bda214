var knownHosts: [String: Address] = [:] // expect: unprotected-shared-dictionary

func remember(_ host: String, _ address: Address) {
    knownHosts[host] = address
}
