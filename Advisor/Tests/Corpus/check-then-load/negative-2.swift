// The load is what is kept, before anything is waited for.
actor Images {
    private var tasks: [String: Task<Image, Never>] = [:]

    func image(_ path: String) async -> Image {
        if let task = tasks[path] { return await task.value }
        let task = Task { await render(path) }
        tasks[path] = task
        return await task.value
    }
}
