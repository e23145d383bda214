func local(_ table: Table, _ id: String) async throws { try await table.set(id, "1") }
