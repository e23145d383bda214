final class ImageCache {
    private let cache = Cache<String, Image>(maximumCount: 1_000)

    func image(_ path: String) -> Image { cache.load(path) { render($0) } }
}
