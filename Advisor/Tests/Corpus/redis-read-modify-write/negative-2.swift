// Other fields.
func copy(_ redis: Redis, _ key: String) async throws {
    let name = try await redis.hget(key, "name")
    try await redis.hset(key, "shown", name)
}
