final class Hooks {
    nonisolated(unsafe) var byName: [String: Hook] = [:] // expect if asked: unprotected-shared-dictionary

    func add(_ hook: Hook, _ name: String) { byName[name] = hook }
}
