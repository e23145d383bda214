func save(_ valkey: ValkeyClient, _ id: String) async throws {
    try await valkey.set("a:\(id)", value: "1", ex: 60)
}
