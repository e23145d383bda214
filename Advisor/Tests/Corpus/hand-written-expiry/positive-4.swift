final class PageCache: Sendable {
    struct Page {
        let html: String
        let timestamp: Double
    }
    private let pages = Mutex<[String: Page]>([:]) // expect: hand-written-expiry

    func page(_ path: String, now: Double) -> String? {
        pages.withLock { table in
            guard let page = table[path], now - page.timestamp < 60 else { return nil }
            return page.html
        }
    }
    func put(_ path: String, _ page: Page) { pages.withLock { $0[path] = page } }
}
