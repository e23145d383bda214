import RediStack
func extend(_ pool: RedisConnectionPool, _ key: RedisKey) async throws {
    let list = try await pool.get(key, as: String.self)
    let longer = (list ?? "") + "x"
    try await pool.set(key, to: longer, as: String.self) // expect: redis-read-modify-write
}
