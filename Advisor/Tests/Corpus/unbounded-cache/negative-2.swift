final class BoundedCache {
    private var cache: [String: Image] = [:]
    private var order: [String] = []

    func put(_ image: Image, _ path: String) {
        cache[path] = image
        order.append(path)
        if order.count > 100 { cache.removeValue(forKey: order.removeFirst()) }
    }
}
