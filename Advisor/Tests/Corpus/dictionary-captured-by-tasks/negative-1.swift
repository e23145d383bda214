func fetch(_ urls: [String]) async -> [String: Data] {
    await withTaskGroup(of: (String, Data).self) { group in
        for url in urls { group.addTask { (url, await download(url)) } }
        var pages: [String: Data] = [:]
        for await (url, page) in group { pages[url] = page }
        return pages
    }
}
