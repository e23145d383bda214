/// An incremental parser of client requests, in the multibulk and the inline form.
///
/// It never copies: arguments are views into the bytes it is given, except those of an inline request with quotes. It keeps no bytes
/// either; the caller holds them and, as long as a request is incomplete, passes all bytes from that request's start again, with more
/// behind them. The parser remembers how far it has looked, so a request that arrives byte by byte costs the same as one in one piece.
///
/// ```swift
/// var parser = RESPRequestParser()
/// loop: while true {
///     switch parser.next(in: unconsumed) {
///     case .request(let length): handle(parser.arguments); unconsumed = rest(after: length)
///     case .nothing(let length): unconsumed = rest(after: length)
///     case .incomplete: break loop
///     case .failure(let error): throw error
///     }
/// }
/// ```
///
/// **Complexity:** each byte of a request's framing is looked at a constant number of times, the bytes of its arguments not at all.
public struct RESPRequestParser: ~Copyable {
    /// What a call of ``next(in:)`` found.
    public enum Outcome: Equatable, Sendable {
        /// A request of so many bytes; ``arguments`` holds it.
        case request(length: Int)
        /// So many bytes that mean nothing: an empty line or an empty array.
        case nothing(length: Int)
        /// The request isn't complete.
        case incomplete
        /// The request is malformed. The connection can't go on.
        case failure(RESPProtocolError)
    }

    /// The longest single argument, in bytes.
    ///
    /// 512 MB is Redis' default (`proto-max-bulk-len`).
    public var maximumBulkLength = 512 << 20
    /// The most arguments of a request.
    public var maximumArgumentCount = 1 << 20
    /// Whether the client still has to authenticate: until then requests may hold 10 arguments of 16 KB each and no more.
    public var isUnauthenticated = false

    /// The longest line, an inline request included, in bytes.
    ///
    /// Fixed by the protocol's reference implementation.
    public static let maximumLineLength = 64 << 10
    /// The most arguments before authentication.
    public static let maximumUnauthenticatedArgumentCount = 10
    /// The longest argument before authentication, in bytes.
    public static let maximumUnauthenticatedBulkLength = 16 << 10

    /// How many bytes were looked at since the parser was created; tests bound it.
    public var inspectedByteCount: Int { inspected }
    @usableFromInline var inspected = 0

    // State of an incomplete request. All offsets count from the request's first byte.
    @usableFromInline var position = 0  // the first byte not yet understood
    @usableFromInline var searched = 0  // up to where the end of the line at `position` was looked for
    @usableFromInline var remaining = 0  // arguments still to come; 0 before the multibulk header
    @usableFromInline var bulkLength = -1  // length of the argument at `position`; -1 before its header

    @usableFromInline var slices: UnsafeMutablePointer<RESPArguments.Slice>
    @usableFromInline var sliceCapacity: Int
    @usableFromInline var sliceCount = 0
    @usableFromInline var firstSlice = 0  // of the current request; those before belong to requests that are kept
    @usableFromInline var keepsRequests = false
    @usableFromInline var argumentBase: UnsafeRawPointer
    @usableFromInline var inlineBase: UnsafeRawPointer
    var unquoted: [UInt8] = []

    /// Creates a parser that expects the start of a request.
    public init() {
        sliceCapacity = 8
        slices = .allocate(capacity: sliceCapacity)
        argumentBase = UnsafeRawPointer(slices)
        inlineBase = argumentBase
    }

    deinit {
        slices.deallocate()
    }

    /// The arguments of the request found last; valid until the next call of ``next(in:)`` and while the bytes given to it are.
    @inlinable
    public var arguments: RESPArguments {
        RESPArguments(bytes: argumentBase, slices: slices + firstSlice, count: sliceCount - firstSlice)
    }

    /// Whether part of a request has been understood and the rest is outstanding.
    public var isInsideRequest: Bool {
        position > 0 || remaining > 0
    }

    /// How many bytes from the request's start the bytes must hold before ``next(in:)`` can get further: a hint for reserving memory.
    public var neededByteCount: Int {
        bulkLength >= 0 ? position + bulkLength + 2 : position + 1
    }

    /// Parses the request at the start of `bytes`.
    ///
    /// - Parameter bytes: everything received from the start of the current request on. After `.incomplete` the same bytes must be
    ///   passed again, at whatever address, with at least as many behind them.
    /// - Returns: Whether there is a complete request, and how many bytes it takes.
    @inlinable
    public mutating func next(in bytes: UnsafeRawBufferPointer) -> Outcome {
        let end = bytes.count
        guard position < end, let base = bytes.baseAddress else { return .incomplete }
        if remaining == 0 {
            guard base.load(as: UInt8.self) == UInt8(ascii: "*") else { return nextInline(base, end) }
            if !keepsRequests { sliceCount = 0 }
            firstSlice = sliceCount
            var count = 0
            if let failure = number(base, end, from: 1, limit: .multibulk, into: &count) { return failure }
            if count <= 0 {
                let length = position
                position = 0
                searched = 0
                return .nothing(length: length)
            }
            guard count <= maximumArgumentCount else { return .failure(.invalidMultibulkLength) }
            if isUnauthenticated && count > Self.maximumUnauthenticatedArgumentCount {
                return .failure(.unauthenticatedMultibulkLength)
            }
            remaining = count
        }
        while true {
            if bulkLength < 0 {
                guard position < end else { return .incomplete }
                var length = 0
                if let failure = number(base, end, from: position + 1, limit: .bulk, into: &length) { return failure }
                guard length >= 0 && length <= maximumBulkLength else { return .failure(.invalidBulkLength) }
                if isUnauthenticated && length > Self.maximumUnauthenticatedBulkLength {
                    return .failure(.unauthenticatedBulkLength)
                }
                bulkLength = length
            }
            guard end - position >= bulkLength + 2 else { return .incomplete }
            if sliceCount == sliceCapacity { growSlices() }
            slices[sliceCount] = RESPArguments.Slice(offset: position, length: bulkLength)
            sliceCount += 1
            position += bulkLength + 2
            searched = position
            bulkLength = -1
            remaining -= 1
            if remaining == 0 {
                argumentBase = base
                let length = position
                position = 0
                searched = 0
                return .request(length: length)
            }
        }
    }

    @usableFromInline
    enum Header {
        case multibulk
        case bulk
    }

    /// Reads the number of a header line whose first digit is at `start`, and moves `position` behind the line.
    ///
    /// - Returns: `nil` if there was one, what ``next(in:)`` has to return otherwise.
    @inlinable
    mutating func number(
        _ base: UnsafeRawPointer, _ end: Int, from start: Int, limit header: Header, into result: inout Int
    ) -> Outcome? {
        // The usual header: one to nine digits without a leading zero, and the line's end is there.
        var index = start
        var value = 0
        let last = min(end - 1, start + 9)
        while index < last {
            let byte = base.load(fromByteOffset: index, as: UInt8.self)
            let digit = Int(byte) - 0x30
            if digit >= 0 && digit <= 9 {
                value = value &* 10 &+ digit
                index &+= 1
                continue
            }
            guard
                byte == 0x0d, index > start,
                base.load(fromByteOffset: start, as: UInt8.self) != 0x30 || index == start + 1,
                header == .multibulk || base.load(fromByteOffset: start - 1, as: UInt8.self) == UInt8(ascii: "$")
            else { break }
            inspected &+= index - start + 2
            position = index + 2
            searched = position
            result = value
            return nil
        }
        inspected &+= index - start + 1
        return slowNumber(base, end, from: start, limit: header, into: &result)
    }

    @usableFromInline
    mutating func growSlices() {
        let larger = UnsafeMutablePointer<RESPArguments.Slice>.allocate(capacity: sliceCapacity * 2)
        larger.update(from: slices, count: sliceCount)
        slices.deallocate()
        slices = larger
        sliceCapacity *= 2
    }

    /// Gives back the memory of a request with very many arguments.
    public mutating func shrink() {
        guard sliceCapacity > 1024, remaining == 0 else { return }
        slices.deallocate()
        sliceCapacity = 8
        sliceCount = 0
        firstSlice = 0
        slices = .allocate(capacity: sliceCapacity)
        argumentBase = UnsafeRawPointer(slices)
        unquoted = []
    }
}
