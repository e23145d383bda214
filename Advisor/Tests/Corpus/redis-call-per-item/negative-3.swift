// Sent side by side.
func all(_ redis: Redis, _ keys: [String]) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        for key in keys {
            group.addTask { _ = try await redis.get(key) }
        }
        try await group.waitForAll()
    }
}
