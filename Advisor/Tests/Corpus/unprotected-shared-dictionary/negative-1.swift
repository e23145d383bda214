enum Registry {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var handlers: [String: Handler] = [:]

    static func register(_ handler: Handler, for name: String) {
        lock.withLock { handlers[name] = handler }
    }
}
