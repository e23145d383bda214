import RediStack
func visit(_ redis: RedisConnection, _ key: RedisKey) async throws {
    let visits = try await redis.hget("visits", from: key).int ?? 0
    try await redis.hset("visits", to: visits + 1, in: key) // expect: redis-read-modify-write
}
