var knownHosts: [String: Address] = [:] // expect if asked: unprotected-shared-dictionary

func remember(_ host: String, _ address: Address) {
    knownHosts[host] = address
}
