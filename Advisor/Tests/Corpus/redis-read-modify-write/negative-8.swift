func script(_ redis: Redis, _ key: String) async throws {
    let old = try await redis.get(key)
    try await redis.eval("return 1", [key, old])
    try await redis.set(key, old)
}
