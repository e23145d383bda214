actor Subscriptions {
    var members: [String: Set<Int>] = [:]

    func join(_ channel: String, _ id: Int) {
        var set = members[channel, default: []] // expect: copy-on-write-copy
        set.insert(id)
        members[channel] = set
    }
}
