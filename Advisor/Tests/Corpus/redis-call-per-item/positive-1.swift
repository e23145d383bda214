func values(_ redis: Redis, _ key: String, _ fields: [String]) async throws -> [String?] {
    var values: [String?] = []
    for field in fields {
        values.append(try await redis.hget(key, field)) // expect: redis-call-per-item
    }
    return values
}
