func values(_ redis: Redis, _ key: String, _ fields: [String]) async throws -> [String?] {
    try await redis.hmget(key, fields)
}
