func remove(_ redis: Redis, _ id: String) async throws { _ = try await redis.del(id) }
func save(_ redis: Redis, _ id: String) async throws { try await redis.set(id, "1") }
