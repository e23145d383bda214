func fetch(_ urls: [String]) async -> [String: Data] {
    var pages: [String: Data] = [:]
    await withTaskGroup(of: Void.self) { group in
        for url in urls {
            group.addTask { pages[url] = await download(url) } // expect: dictionary-captured-by-tasks
        }
    }
    return pages
}
