func bump(redis: Redis) async throws {
    let text = try await redis.get("sequence")
    let next = (Int(text ?? "") ?? 0) + 1
    try await redis.set("sequence", String(next)) // expect: redis-read-modify-write
}
