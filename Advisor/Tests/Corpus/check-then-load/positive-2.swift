actor Images {
    var cache: [String: Image] = [:]

    func image(_ path: String) async -> Image {
        if cache[path] == nil { // expect if asked: check-then-load
            cache[path] = await render(path)
        }
        return cache[path]!
    }
}
