struct Images {
    nonisolated(unsafe) static var cache: [String: Image] = [:] // expect: unprotected-shared-dictionary

    static func image(_ name: String) async throws -> Image {
        if let image = cache[name] { return image }
        let image = try await load(name)
        cache[name] = image
        return image
    }
}
