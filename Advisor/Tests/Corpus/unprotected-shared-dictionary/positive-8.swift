final class Hooks {
    nonisolated(unsafe) var byName: [String: Hook] = [:] // expect: unprotected-shared-dictionary

    func add(_ hook: Hook, _ name: String) { byName[name] = hook }
}
