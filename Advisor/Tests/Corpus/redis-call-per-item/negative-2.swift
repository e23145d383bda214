// Stops at the first that fits.
func first(_ redis: Redis, _ keys: [String]) async throws -> String? {
    for key in keys {
        if let value = try await redis.get(key) { return value }
    }
    return nil
}
