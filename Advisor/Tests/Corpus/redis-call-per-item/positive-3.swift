func remove(_ valkey: ValkeyClient, _ ids: [Int]) async throws {
    for id in ids {
        _ = try await valkey.del("item:\(id)") // expect: redis-call-per-item
    }
}
