func spend(_ valkey: ValkeyClient, _ user: String, _ amount: Int) async throws {
    let balance = try await valkey.get("balance:\(user)").flatMap(Int.init) ?? 0
    try await valkey.set("balance:\(user)", String(balance - amount)) // expect: redis-read-modify-write
}
