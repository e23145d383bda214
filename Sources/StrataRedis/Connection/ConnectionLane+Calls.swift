import NIOCore
import StrataRESP
import Synchronization

extension ConnectionLane {
    /// Sends a call, lets it wait, or refuses it.
    func accept(_ call: RedisCall) {
        guard !call.isFinished else {
            finish(call, .failure(RedisError(.cancelled, "the task was cancelled")))
            return
        }
        guard !isShuttingDown, phase != .closed else {
            finish(call, .failure(RedisError(.closed, "the connection to \(endpoint) was closed")))
            return
        }
        guard call.deadline > .now() else {
            finish(call, .failure(RedisError(.timeout, "the time was up before anything was sent to \(endpoint)")))
            return
        }
        if phase == .active, waiting.isEmpty, hasRoom(for: call) {
            send(call)
            return
        }
        if phase != .active, let failure {
            finish(call, .failure(failure))
            return
        }
        guard waiting.count < configuration.maximumWaiting else {
            finish(
                call,
                .failure(
                    RedisError(.overloaded, "\(waiting.count) calls wait for the connection to \(endpoint) already")))
            return
        }
        waiting.append(call)
        checkDeadline(call.deadline)
        if phase == .idle { connect() }
    }

    private func hasRoom(for call: RedisCall) -> Bool {
        guard channel?.isWritable ?? false else { return false }
        return flight.isEmpty || flight.outstandingCount + call.replyCount <= configuration.maximumInFlight
    }

    /// Appends a call to what goes out at the end of this turn of the event loop.
    func send(_ call: RedisCall) {
        if output == nil { output = channel?.allocator.buffer(capacity: max(call.payload.count, 1024)) }
        output?.writeBytes(call.payload)
        call.ticket = flight.append(
            call, replyCount: call.replyCount, deadline: call.deadline, isConfirmedByPush: call.isConfirmedByPush)
        checkDeadline(call.deadline)
    }

    /// Writes what was collected, in one piece.
    func flush() {
        guard let bytes = output else { return }
        output = nil
        channel?.writeAndFlush(bytes, promise: nil)
    }

    /// Sends what waited, as far as there is room.
    func sendWaiting() {
        guard phase == .active, !waiting.isEmpty else { return }
        let now = NIODeadline.now()
        while let call = waiting.first, hasRoom(for: call) {
            waiting.removeFirst()
            if call.deadline <= now {
                finish(call, .failure(RedisError(.timeout, "the time was up before anything was sent to \(endpoint)")))
            } else {
                send(call)
            }
        }
        flush()
    }

    /// Takes in an answer.
    ///
    /// - Returns: Whether one was due.
    func received(_ reply: RESPValue) -> Bool {
        switch flight.received(reply) {
        case .finish(let call, let replies): finish(call, .success(replies))
        case .nothing: break
        case .unexpected: return false
        }
        return true
    }

    /// Takes in a push message: the answer of a subscription, or something for the observer.
    func received(push values: [RESPValue]) {
        if flight.awaitsConfirmation, Self.confirmations.contains(values.first?.text ?? "") {
            _ = received(.push(values))
        } else {
            observer?.laneDidReceive(values)
        }
    }

    private static let confirmations: Set<String> = [
        "subscribe", "unsubscribe", "psubscribe", "punsubscribe", "ssubscribe", "sunsubscribe",
    ]

    func readIsComplete() {
        sendWaiting()
        if isShuttingDown, flight.waiterCount == 0 {
            close(RedisError(.closed, "the client was shut down"))
        }
    }

    func writabilityChanged() { sendWaiting() }

    /// Lets a call go whose task was cancelled.
    func cancel(_ call: RedisCall) {
        guard !call.isFinished else { return }
        if let ticket = call.ticket {
            guard flight.detach(ticket) != nil else { return }
            finish(call, .failure(call.unanswered(.cancelled, "the task was cancelled")))
        } else if let index = waiting.firstIndex(where: { $0 === call }) {
            waiting.remove(at: index)
            finish(call, .failure(RedisError(.cancelled, "the task was cancelled")))
        } else {
            // The cancellation overtook the call.
            call.isFinished = true
        }
    }

    func finish(_ call: RedisCall, _ outcome: RedisCall.Outcome) {
        load.subtract(1, ordering: .relaxed)
        call.finish(outcome)
    }

    /// Sees to it that deadlines are looked at when this one has come.
    private func checkDeadline(_ deadline: NIODeadline) {
        guard deadline != .distantFuture else { return }
        if let deadlineCheck, deadlineCheck.at <= deadline { return }
        deadlineCheck?.task.cancel()
        deadlineCheck = (deadline, eventLoop.scheduleTask(deadline: deadline) { self.expireCalls() })
    }

    private func expireCalls() {
        deadlineCheck = nil
        let now = NIODeadline.now()
        let (expired, next) = flight.detachExpired(now: now)
        for call in expired {
            finish(call, .failure(call.unanswered(.timeout, "no answer from \(endpoint) in time")))
        }
        var earliest = next ?? .distantFuture
        let late = waiting.filter { $0.deadline <= now }
        if !late.isEmpty {
            waiting.removeAll { $0.deadline <= now }
            for call in late {
                finish(call, .failure(RedisError(.timeout, "the time was up before anything was sent to \(endpoint)")))
            }
        }
        for call in waiting { earliest = min(earliest, call.deadline) }
        // At most one look per millisecond, however the deadlines lie.
        if earliest != .distantFuture { checkDeadline(max(earliest, now + .milliseconds(1))) }
    }
}
