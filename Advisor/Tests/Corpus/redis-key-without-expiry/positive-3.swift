func profile(_ valkey: ValkeyClient, _ id: Int, _ name: String) async throws {
    try await valkey.hset("profile:\(id)", data: [.init(field: "name", value: name)]) // expect: redis-key-without-expiry
}
