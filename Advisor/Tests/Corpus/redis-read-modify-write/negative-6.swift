func other(_ redis: Redis, _ from: String, _ to: String) async throws {
    let value = try await redis.get(from)
    try await redis.set(to, value)
}
