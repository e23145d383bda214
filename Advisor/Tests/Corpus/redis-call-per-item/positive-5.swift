func save(_ redis: Redis, _ key: String, _ record: [String: String]) async throws {
    for (field, value) in record {
        try await redis.hset(key, field, value) // expect: redis-call-per-item
    }
}
