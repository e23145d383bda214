final class Flags: @unchecked Sendable {
    static let shared = Flags()
    var enabled: Set<String> = [] // expect if asked: unprotected-shared-dictionary

    func enable(_ name: String) { enabled.insert(name) }
    func disable(_ name: String) { enabled.remove(name) }
}
