import Valkey
struct Limits {
    let client: ValkeyClient
    func mark(_ address: String) async throws {
        try await client.set("limit:" + address, value: "1") // expect: redis-key-without-expiry
    }
}
