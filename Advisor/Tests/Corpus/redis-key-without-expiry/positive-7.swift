import StrataRedis
func remember(_ store: RedisStore, _ query: String, _ rows: String) async throws {
    try await store.set(query, rows) // expect: redis-key-without-expiry
}
