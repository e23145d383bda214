final class Templates: Sendable {
    private let parsed = NIOLockedValueBox<[String: Template]>([:])

    func template(_ name: String) throws -> Template {
        if let template = parsed.withLockedValue({ $0[name] }) { // expect if asked: check-then-load
            return template
        }
        let template = try Template(contentsOf: name)
        parsed.withLockedValue { $0[name] = template }
        return template
    }
}
