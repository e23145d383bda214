actor Pages {
    private var pages: [Int: Page] = [:]
    private var inFlight: [Int: Task<Page, any Error>] = [:]

    func page(_ id: Int) async throws -> Page {
        if let page = pages[id] { return page }
        if let task = inFlight[id] { return try await task.value }
        let task = Task { try await fetch(id) }
        inFlight[id] = task
        let page = try await task.value
        pages[id] = page
        return page
    }
}
