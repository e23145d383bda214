import RediStack
func cache(_ client: RedisConnection, _ path: String, _ page: String) async throws {
    try await client.set(RedisKey(path), to: page) // expect: redis-key-without-expiry
}
