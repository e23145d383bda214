import StrataRedis
func count(_ store: RedisStore, _ names: [String]) async throws {
    for name in names {
        if name.isEmpty { continue }
        try await store.incr("count:" + name) // expect: redis-call-per-item
    }
}
