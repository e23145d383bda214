func expire(_ redisPool: Pool, _ keys: [String]) async throws {
    for key in keys where key.hasPrefix("session") {
        try await redisPool.expire(key, 60) // expect: redis-call-per-item
    }
}
