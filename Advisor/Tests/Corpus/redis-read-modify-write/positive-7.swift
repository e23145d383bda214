func both(_ redisClient: Client, _ key: String) async throws {
    let old = try await redisClient.hmget(key, ["a"])
    try await redisClient.hset(key, ["a": combine(old)]) // expect: redis-read-modify-write
}
