func store(_ redis: Redis, _ key: String, _ record: [String: String]) async throws {
    try await redis.hmset(key, record) // expect: redis-key-without-expiry
}
