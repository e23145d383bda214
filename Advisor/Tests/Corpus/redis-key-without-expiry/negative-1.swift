func save(_ redis: Redis, _ id: String, _ token: String) async throws {
    try await redis.set("session:\(id)", token, expiration: .seconds(60))
}
