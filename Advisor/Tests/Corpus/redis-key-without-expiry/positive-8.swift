func results(_ redisClient: Client, _ job: String, _ result: String) async throws {
    _ = try await redisClient.set("result/\(job)", result) // expect: redis-key-without-expiry
}
