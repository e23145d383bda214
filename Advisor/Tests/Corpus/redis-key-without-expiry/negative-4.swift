// One key.
func version(_ redis: Redis) async throws {
    try await redis.set("version", "3")
}
