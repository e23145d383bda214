import StrataRESP

/// Messages to clients that are no replies.
enum PushMessage {
    /// Encodes a message and sends it.
    ///
    /// To the client in service on this event loop it goes after the reply in execution; to any other, once its event loop gets to it.
    ///
    /// - Parameters:
    ///   - receiver: whom it is for.
    ///   - worker: the event loop's share of the server that this thread works for, if any.
    ///   - body: writes the message, in the protocol's version of the receiver.
    static func send(to receiver: Client, from worker: Worker?, _ body: (RESPWriter) -> Void) {
        if leave(for: receiver, from: worker, body) { receiver.wake() }
    }

    /// Encodes a message and leaves it for its receiver, as ``send(to:from:_:)`` does, so that several clients can be woken when each has its message.
    ///
    /// - Returns: Whether the receiver has to be woken.
    static func leave(for receiver: Client, from worker: Worker?, _ body: (RESPWriter) -> Void) -> Bool {
        if let worker, worker.current === receiver {
            worker.pushes.version = receiver.status.version.current
            body(worker.pushes)
            return false
        }
        let writer = RESPWriter(capacity: 256, version: receiver.status.version.current)
        body(writer)
        defer { writer.deallocate() }
        return receiver.leave(writer.bytes)
    }
}
