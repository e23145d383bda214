func tasks(_ urls: [String]) async {
    for url in urls {
        Task { await load(url) }
    }
}
