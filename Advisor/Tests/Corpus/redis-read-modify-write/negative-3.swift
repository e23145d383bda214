// Not computed from what was read.
func touch(_ redis: Redis, _ key: String, _ now: String) async throws {
    let before = try await redis.hget(key, "seen")
    log(before)
    try await redis.hset(key, "seen", now)
}
