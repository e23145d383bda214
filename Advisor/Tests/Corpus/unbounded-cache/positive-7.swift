final class Fonts {
    static let shared = Fonts()
    private var widthCache: [String: [Int]] = [:] // expect if asked: unbounded-cache

    func width(_ text: String, _ size: Int) {
        widthCache[text, default: []].append(size)
    }
}
