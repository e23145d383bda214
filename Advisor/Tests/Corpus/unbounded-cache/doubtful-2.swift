// How long one lives isn't in sight.
final class ReferenceResolver {
    private var referenceCache: [URL: Reference] = [:] // expect: unbounded-cache

    func resolve(_ url: URL) throws -> Reference {
        if let known = referenceCache[url] { return known }
        let reference = try ask(url)
        referenceCache[url] = reference
        return reference
    }
}
