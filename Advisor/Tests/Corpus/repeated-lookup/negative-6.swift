struct Registry {
    var handlers: [String: Handler] = [:]

    mutating func register(_ name: String, _ handler: Handler) {
        precondition(handlers[name] == nil, "registered twice")
        handlers[name] = handler
    }
}
