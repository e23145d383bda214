actor ImageCache { // expect: actor-as-map
    private var images: [URL: Image] = [:]

    func image(for url: URL) -> Image? {
        images[url]
    }

    func store(_ image: Image, for url: URL) {
        images[url] = image
    }

    func clear() {
        images.removeAll()
    }
}
