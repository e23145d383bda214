final class TemplateService {
    private var parsedCache: [String: Template] = [:] // expect if asked: unbounded-cache

    func template(_ name: String) throws -> Template {
        if let template = parsedCache[name] { return template }
        let template = try Template(name)
        parsedCache[name] = template
        return template
    }
}
