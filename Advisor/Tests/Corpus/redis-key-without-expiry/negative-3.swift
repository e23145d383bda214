func save(_ redis: Redis, _ id: String, _ token: String) async throws {
    try await redis.setex("session:\(id)", 60, token)
}
