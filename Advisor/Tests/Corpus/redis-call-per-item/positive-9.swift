func names(_ redis: Redis, _ ids: [Int]) async throws -> [String?] {
    var names: [String?] = []
    for id in ids {
        let key = "user:\(id):name"
        names.append(try await redis.get(key)) // expect: redis-call-per-item
    }
    return names
}
