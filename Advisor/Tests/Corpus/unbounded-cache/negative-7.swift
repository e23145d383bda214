// Filled once.
final class RouteCache {
    private var cache: [String: Route] = [:]

    init(_ routes: [Route]) {
        for route in routes { cache[route.path] = route }
    }
    func route(_ path: String) -> Route? { cache[path] }
}
