final class Profiles {
    private let redis: RedisClient

    func addTag(_ tag: String, _ id: String) async throws {
        guard let tags = try await self.redis.hget(id, "tags") else { return }
        try await self.redis.hset(id, "tags", tags + " " + tag) // expect: redis-read-modify-write
    }
}
