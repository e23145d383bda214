/// An incremental parser of what a server sends, in RESP2 or RESP3.
///
/// It takes bytes as they come and keeps what is complete of a reply that isn't: the caller only has to hold the bytes behind
/// the offset it gets back, which are less than one line or one string. Attributes are read and dropped. Streamed strings and
/// aggregates, which no server sends, are refused.
///
/// ```swift
/// var parser = RESPReplyParser()
/// var offset = 0
/// while case .value(let value) = parser.next(in: received, from: &offset) { handle(value) }
/// ```
///
/// **Complexity:** each byte is looked at a constant number of times, however the bytes are split. Memory is reserved for what
/// has arrived, not for what a header promises.
public struct RESPReplyParser: Sendable {
    /// What a peer may send at most.
    public struct Limits: Hashable, Sendable {
        /// How deep aggregates may lie in one another.
        public var depth = 32
        /// Bytes of a line: a short string, an error, a number.
        public var lineLength = 64 << 10
        /// Bytes of one string; 512 MB is Redis' own limit.
        public var bulkLength = 512 << 20
        /// Values of one aggregate.
        public var elementCount = 16 << 20
        /// Bytes of one whole reply.
        public var replyLength = 1 << 30

        /// The limits that suit a server one trusts.
        public init() {}
    }

    /// What a call of ``next(in:from:)`` found.
    public enum Outcome: Equatable, Sendable {
        /// A whole reply or, as ``RESPValue/push(_:)``, a message that answers nothing.
        case value(RESPValue)
        /// The bytes end inside a reply.
        case incomplete
        /// The bytes are no reply; the parser is of no further use.
        case failure(RESPReplyError)
    }

    enum Kind: Sendable {
        case array
        case map
        case set
        case push
        case attribute
    }

    struct Frame: Sendable {
        var kind: Kind
        var remaining: Int
        var values: [RESPValue]
    }

    let limits: Limits
    var frames: [Frame] = []
    /// How many bytes behind the offset hold no line end.
    var searched = 0
    /// The bytes of the current reply that are behind us.
    var consumed = 0

    /// A parser that expects the start of a reply.
    public init(limits: Limits = Limits()) { self.limits = limits }

    /// Whether part of a reply was taken and the rest is outstanding.
    public var isInsideReply: Bool { consumed > 0 }

    /// Parses on.
    ///
    /// - Parameters:
    ///   - bytes: What was received.
    ///   - offset: Where to begin; moved behind what was taken. After ``Outcome/incomplete`` the bytes from there on must be
    ///     given again, with more behind them.
    /// - Returns: A reply, or why there is none.
    public mutating func next(in bytes: UnsafeRawBufferPointer, from offset: inout Int) -> Outcome {
        while true {
            let start = offset
            switch element(bytes, &offset) {
            case .none:
                let pending = bytes.count - offset
                if consumed + pending > limits.replyLength { return .failure(.replyTooLong) }
                return .incomplete
            case .failure(let error):
                return .failure(error)
            case .opened:
                consumed += offset - start
            case .value(let value):
                consumed += offset - start
                if consumed > limits.replyLength { return .failure(.replyTooLong) }
                if let whole = close(with: value) {
                    consumed = 0
                    return .value(whole)
                }
            }
        }
    }

    enum Element {
        case none
        case opened
        case value(RESPValue)
        case failure(RESPReplyError)
    }

    /// Puts a value into the innermost aggregate, and closes those that it completes.
    private mutating func close(with value: RESPValue) -> RESPValue? {
        var value = value
        while let last = frames.indices.last {
            frames[last].values.append(value)
            frames[last].remaining -= 1
            if frames[last].remaining > 0 { return nil }
            let frame = frames.removeLast()
            if frame.kind == .attribute { return nil }
            value = Self.aggregate(frame.kind, frame.values)
        }
        return value
    }

    static func aggregate(_ kind: Kind, _ values: [RESPValue]) -> RESPValue {
        switch kind {
        case .array, .attribute: .array(values)
        case .set: .set(values)
        case .push: .push(values)
        case .map:
            .map(stride(from: 0, to: values.count, by: 2).map { RESPValue.Pair(values[$0], values[$0 + 1]) })
        }
    }
}
