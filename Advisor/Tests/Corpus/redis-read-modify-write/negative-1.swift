import RediStack
func visit(_ redis: RedisConnection, _ key: RedisKey) async throws {
    _ = try await redis.hincrby(1, field: "visits", in: key)
}
