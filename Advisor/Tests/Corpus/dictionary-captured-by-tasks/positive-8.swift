func poll(_ hosts: [Host]) async throws {
    var states: [String: State] = [:]
    try await withThrowingTaskGroup(of: Void.self) { group in
        for host in hosts {
            group.addTask {
                let state = try await host.state()
                states.updateValue(state, forKey: host.name) // expect: dictionary-captured-by-tasks
            }
        }
        try await group.waitForAll()
    }
    report(states)
}
