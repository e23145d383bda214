import StrataRedis
struct Carts {
    let client: RedisClient

    func add(_ item: String, to cart: String) async throws {
        let items = try await client.hget(cart, "items") ?? ""
        let longer = items + "," + item
        try await client.hset(cart, "items", longer) // expect: redis-read-modify-write
    }
}
