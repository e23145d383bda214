import Valkey
func rename(_ client: ValkeyClient, _ id: Int) async throws {
    if let name = try await client.hget("user:\(id)", field: "name") {
        try await client.hset("user:\(id)", data: [.init(field: "name", value: name.uppercased())]) // expect: redis-read-modify-write
    }
}
