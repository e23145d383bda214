final class Tokens {
    let redis: Redis
    func put(_ token: String, _ user: Int) async throws {
        try await self.redis.set("token:\(user)", token) // expect: redis-key-without-expiry
    }
    func get(_ user: Int) async throws -> String? { try await redis.get("token:\(user)") }
}
