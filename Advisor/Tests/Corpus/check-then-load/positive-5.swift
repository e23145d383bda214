final class Thumbnails {
    private let imageCache = NSCache<NSString, Image>()

    func thumbnail(_ key: NSString) async throws -> Image {
        if let image = imageCache.object(forKey: key) { return image } // expect if asked: check-then-load
        let image = try await render(key)
        imageCache.setObject(image, forKey: key)
        return image
    }
}
