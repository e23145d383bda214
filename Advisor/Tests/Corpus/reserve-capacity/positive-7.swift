final class Router {
    private var routes: [Route] = []

    func freeze() -> [String: Route] {
        var table = [String: Route]()
        for route in self.routes {
            precondition(!route.path.isEmpty)
            table[route.path] = route // expect if asked: reserve-capacity
        }
        return table
    }
}
