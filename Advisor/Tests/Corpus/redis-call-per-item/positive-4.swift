import Valkey
struct Carts {
    let client: ValkeyClient

    func load(_ ids: [String]) async throws -> [Cart] {
        var carts: [Cart] = []
        for id in ids {
            let fields = try await client.hgetall("cart:\(id)") // expect: redis-call-per-item
            carts.append(Cart(fields))
        }
        return carts
    }
}
