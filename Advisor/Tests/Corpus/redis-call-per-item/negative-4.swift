// Asks until it is there: always the same key.
func wait(_ redis: Redis, _ key: String) async throws {
    for _ in 0..<10 {
        _ = try await redis.get(key)
        try await pause()
    }
}
