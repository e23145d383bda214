func one(_ redis: Redis, _ key: String) async throws {
    try await redis.set(key, "1")
}
