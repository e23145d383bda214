// Filled once, before anybody else sees it.
final class Routes: @unchecked Sendable {
    private var byPath: [String: Route] = [:]

    init(_ routes: [Route]) {
        for route in routes { byPath[route.path] = route }
    }

    func route(_ path: String) -> Route? { byPath[path] }
}
