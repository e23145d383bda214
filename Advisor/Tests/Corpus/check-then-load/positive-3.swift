@MainActor
final class Model {
    var pages: [Int: Page] = [:]

    func page(_ number: Int) async throws -> Page {
        guard let page = pages[number] else { // expect if asked: check-then-load
            let page = try await api.page(number)
            pages[number] = page
            return page
        }
        return page
    }
}
