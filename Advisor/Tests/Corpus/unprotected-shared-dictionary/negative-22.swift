// Only what runs while the object is made changes it.
final class Registry: @unchecked Sendable {
    private(set) var byName: [String: Tool] = [:]

    init(_ tools: [Tool]) {
        for tool in tools { register(tool) }
    }

    private func register(_ tool: Tool) { byName[tool.name] = tool }

    func tool(_ name: String) -> Tool? { byName[name] }
}
