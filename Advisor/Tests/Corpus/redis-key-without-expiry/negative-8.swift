func read(_ redis: Redis, _ id: String) async throws -> String? { try await redis.get("session:\(id)") }
