final class ThumbnailCache {
    private var cache: [String: Image] = [:]

    func image(_ path: String) -> Image? { cache[path] }
    func put(_ image: Image, _ path: String) { cache[path] = image }
    func removeAll() { cache.removeAll() }
}
