// Nothing of the command comes from the turn.
func poll(_ redis: Redis, _ key: String, _ turns: [Int]) async throws {
    for turn in turns {
        let pause = turn * 2
        try await Task.sleep(for: .seconds(pause))
        print(try await redis.get(key) ?? "")
    }
}
