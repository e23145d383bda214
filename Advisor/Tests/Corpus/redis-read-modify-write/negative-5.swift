// A dictionary, no server.
func local(_ table: Table, _ key: String) async throws {
    let old = try await table.get(key)
    try await table.set(key, next(old))
}
