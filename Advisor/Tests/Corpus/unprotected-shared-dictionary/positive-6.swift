private nonisolated(unsafe) var interned: [String: Int] = [:] // expect if asked: unprotected-shared-dictionary

func intern(_ text: String) -> Int {
    if let id = interned[text] { return id }
    interned[text] = interned.count
    return interned.count - 1
}
