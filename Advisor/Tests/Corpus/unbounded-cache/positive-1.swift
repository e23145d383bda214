final class ThumbnailCache {
    private var cache: [String: Image] = [:] // expect if asked: unbounded-cache

    func image(_ path: String) -> Image {
        if let image = cache[path] { return image }
        let image = render(path)
        cache[path] = image
        return image
    }
}
