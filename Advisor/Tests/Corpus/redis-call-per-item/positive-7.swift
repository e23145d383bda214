func tags(_ redis: Redis, _ tags: Set<String>, _ key: String) async throws {
    for tag in tags {
        try await redis.sadd(key, tag) // expect: redis-call-per-item
    }
}
