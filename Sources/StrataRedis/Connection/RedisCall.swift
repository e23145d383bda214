import NIOCore
import StrataRESP

/// Commands that go out together on one connection, and who waits for their answers.
///
/// `@unchecked Sendable`: made by one task, then touched only on the event loop of the lane that it was given to.
final class RedisCall: @unchecked Sendable {
    typealias Outcome = Result<[RESPValue], RedisError>

    let payload: [UInt8]
    let replyCount: Int
    let effect: RedisCommand.Effect
    let deadline: NIODeadline
    /// Whether a push message is the answer, as for `SUBSCRIBE`.
    let isConfirmedByPush: Bool
    private var completion: ((Outcome) -> Void)?

    /// Where it stands among what was sent; `nil` before.
    var ticket: Int?
    /// Whether it was cancelled before it arrived at the lane.
    var isFinished = false

    /// - Parameters:
    ///   - commands: What to send; not empty.
    ///   - effect: What repeating all of it would do.
    ///   - deadline: When to give up.
    ///   - isConfirmedByPush: Whether a push message is the answer.
    init(
        _ commands: [[[UInt8]]], effect: RedisCommand.Effect, deadline: NIODeadline, isConfirmedByPush: Bool = false
    ) {
        var payload: [UInt8] = []
        payload.reserveCapacity(commands.reduce(0) { $0 + RESPCommandEncoder.encodedLength(of: $1) })
        for command in commands { RESPCommandEncoder.append(command, to: &payload) }
        self.payload = payload
        self.isConfirmedByPush = isConfirmedByPush
        replyCount = commands.count
        self.effect = effect
        self.deadline = deadline
    }

    /// Says who is to be told; once, before the call is given to a lane.
    func onCompletion(_ completion: @escaping (Outcome) -> Void) { self.completion = completion }

    /// Tells who waits; does nothing the second time.
    func finish(_ outcome: Outcome) {
        isFinished = true
        guard let completion else { return }
        self.completion = nil
        completion(outcome)
    }

    /// What it means for this call that no answer comes although it was sent.
    func unanswered(_ code: RedisError.Code, _ message: String) -> RedisError {
        effect == .write
            ? RedisError(.unknownOutcome, message + "; whether it was carried out isn't known")
            : RedisError(code, message)
    }
}
