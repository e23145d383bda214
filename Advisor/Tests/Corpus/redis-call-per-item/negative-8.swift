func pipeline(_ redis: Redis, _ keys: [String]) async throws {
    var batch = Batch()
    for key in keys { batch.get(key) }
    try await redis.run(batch)
}
