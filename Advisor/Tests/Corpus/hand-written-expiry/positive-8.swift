struct Quota {
    var used: Int
    var expiry: Date
}
actor Quotas {
    var quotas: [Int: Quota] = [:] // expect: hand-written-expiry

    func isAllowed(_ user: Int) -> Bool {
        if let quota = quotas[user], quota.expiry > .now { return quota.used < 100 }
        return true
    }
    func use(_ user: Int) { quotas[user, default: Quota(used: 0, expiry: .now)].used += 1 }
}
