func read(_ redis: Redis, _ key: String) async throws -> String? {
    let value = try await redis.get(key)
    return value
}
