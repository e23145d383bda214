enum Sessions {
    /// Must only be used on `completionQueue`.
    nonisolated(unsafe) private static var byID: [Int: Session] = [:]

    static func add(_ session: Session) { byID[session.id] = session }
}
