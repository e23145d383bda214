enum Registry {
    nonisolated(unsafe) static var handlers: [String: Handler] = [:] // expect if asked: unprotected-shared-dictionary

    static func register(_ handler: Handler, for name: String) { handlers[name] = handler }
    static func handler(_ name: String) -> Handler? { handlers[name] }
}
