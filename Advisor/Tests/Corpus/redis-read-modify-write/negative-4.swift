func careful(_ redis: Redis, _ key: String) async throws {
    try await redis.watch(key)
    let old = try await redis.get(key)
    try await redis.set(key, next(old))
}
