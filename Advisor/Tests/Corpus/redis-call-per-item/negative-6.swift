func events(_ redis: Redis, _ stream: AsyncStream<Event>) async throws {
    for await event in stream {
        try await redis.set(event.key, event.value)
    }
}
