import NIOCore
import StrataMonitor

/// Sends each second's figures to everybody who looks at the dashboard.
///
/// Figures are encoded once a second, whoever looks; nothing is encoded while nobody does. A viewer who doesn't keep up is dropped: his connection is
/// closed and he may come again. So viewers cost the server's clients nothing, and memory at most a few messages each.
///
/// **Concurrency:** everything from any thread; ``publish()`` from one at a time.
final class DashboardHub: Sendable {
    /// How many viewers there may be.
    static let maximumViewerCount = 200
    /// How many messages may wait for a viewer.
    private static let maximumBacklog = 4

    /// What is shown.
    let recorder: DashboardRecorder
    private let state = Locked(State())

    private struct State {
        var viewers: [Int: AsyncStream<ByteBuffer>.Continuation] = [:]
        var nextNumber = 0
        /// The message for those who come before the next tick.
        var snapshot: ByteBuffer?
        var isClosed = false
    }

    /// A hub without viewers.
    init(recorder: DashboardRecorder) { self.recorder = recorder }

    /// Somebody who looks; his place is free again when this is let go.
    final class Viewer: Sendable {
        /// What is sent to him: first a snapshot, then ticks.
        let messages: AsyncStream<ByteBuffer>
        private let leave: @Sendable () -> Void

        fileprivate init(_ messages: AsyncStream<ByteBuffer>, leave: @escaping @Sendable () -> Void) {
            self.messages = messages
            self.leave = leave
        }

        deinit { leave() }
    }

    /// Lets somebody look.
    ///
    /// - Returns: `nil` if as many look already as may.
    func join() -> Viewer? {
        let (messages, continuation) = AsyncStream.makeStream(
            of: ByteBuffer.self, bufferingPolicy: .bufferingOldest(Self.maximumBacklog))
        let number: Int? = state.withLock { state in
            guard !state.isClosed, state.viewers.count < Self.maximumViewerCount else { return nil }
            state.nextNumber += 1
            state.viewers[state.nextNumber] = continuation
            // Encoded under the lock, so that a crowd that comes at once has it done once.
            let snapshot = state.snapshot ?? Self.message("snapshot", recorder.snapshot())
            state.snapshot = snapshot
            continuation.yield(snapshot)
            return state.nextNumber
        }
        guard let number else { return nil }
        return Viewer(messages) { [weak self] in self?.remove(number) }
    }

    /// Takes note of the second that has passed and tells everybody.
    func publish() {
        let tick = recorder.record()
        let isSeen = state.withLock { state in
            state.snapshot = nil
            return !state.viewers.isEmpty
        }
        guard isSeen else { return }
        let message = Self.message("tick", tick)
        let late = state.withLock { state in
            state.viewers.filter { _, viewer in
                if case .dropped = viewer.yield(message) { true } else { false }
            }
        }
        for (number, viewer) in late {
            viewer.finish()
            remove(number)
        }
    }

    /// Ends all streams, and lets nobody in any more.
    func close() {
        let viewers = state.withLock { state in
            state.isClosed = true
            defer { state.viewers = [:] }
            return state.viewers
        }
        for viewer in viewers.values { viewer.finish() }
    }

    /// How many look.
    var viewerCount: Int { state.withLock { $0.viewers.count } }

    private func remove(_ number: Int) {
        let viewer = state.withLock { $0.viewers.removeValue(forKey: number) }
        viewer?.finish()
    }

    /// An event as the stream has it (HTML, "Server-sent events"): JSON has no line breaks of its own.
    static func message(_ name: String, _ data: some Encodable) -> ByteBuffer {
        var message = ByteBuffer(string: "event: \(name)\ndata: ")
        message.writeBytes(MapMonitor.json(data))
        message.writeStaticString("\n\n")
        return message
    }
}
