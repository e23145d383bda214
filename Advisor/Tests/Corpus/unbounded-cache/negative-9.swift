final class PageCache {
    private var cache: [Int: Page] = [:]

    func page(_ id: Int) -> Page {
        if let page = cache[id] { return page }
        if cache.count > 500 { cache = [:] }
        let page = Page(id)
        cache[id] = page
        return page
    }
}
