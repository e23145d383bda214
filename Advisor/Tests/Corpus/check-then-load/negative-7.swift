// Another key.
actor Links {
    private var targets: [String: String] = [:]

    func follow(_ from: String, _ to: String) async -> String? {
        if let target = targets[from] { return target }
        await notify(to)
        targets[to] = from
        return nil
    }
}
