func local(_ table: Table, _ keys: [String]) async throws {
    for key in keys {
        try await table.set(key, 1)
    }
}
