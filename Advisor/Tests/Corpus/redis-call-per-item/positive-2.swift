import RediStack
func store(_ client: RedisConnection, _ users: [User]) async throws {
    for user in users {
        try await client.set("user:\(user.id)", to: user.name) // expect: redis-call-per-item
    }
}
