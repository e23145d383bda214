func save(_ redis: Redis, _ id: String, _ token: String) async throws {
    try await redis.set("session:\(id)", token)
    try await redis.expire("session:\(id)", 60)
}
