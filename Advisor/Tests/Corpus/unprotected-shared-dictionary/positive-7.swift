final class Tracer: Tracing, @unchecked Sendable {
    private(set) var spans: [Int: Span] = [:] // expect if asked: unprotected-shared-dictionary
    let name: String

    init(name: String) { self.name = name }

    func start(_ id: Int) { spans[id] = Span() }
    func end(_ id: Int) { spans.removeValue(forKey: id) }
}
protocol Tracing {}
