/// Parsing several requests before the first of them is carried out.
///
/// ```swift
/// parser.beginBatch()
/// while case .request(let length) = parser.next(in: rest) { found.append(parser.lastRequest); … }
/// for request in found { handle(parser.arguments(of: request, in: itsFirstByte)) }
/// ```
extension RESPRequestParser {
    /// A request that was found in the current batch.
    @frozen
    public struct Request {
        @usableFromInline let firstSlice: Int
        @usableFromInline let count: Int

        /// No request.
        @inlinable
        public static var none: Request { Request(firstSlice: 0, count: 0) }

        @inlinable
        init(firstSlice: Int, count: Int) {
            self.firstSlice = firstSlice
            self.count = count
        }
    }

    /// Begins to keep the requests that are found, and forgets those of the batch before.
    ///
    /// What is known of an incomplete request stays.
    @inlinable
    public mutating func beginBatch() {
        keepsRequests = true
        guard sliceCount > 0 else { return }
        if remaining > 0 {
            let count = sliceCount - firstSlice
            if firstSlice > 0 { slices.update(from: slices + firstSlice, count: count) }
            sliceCount = count
        } else {
            sliceCount = 0
        }
        firstSlice = 0
    }

    /// The request found last.
    @inlinable
    public var lastRequest: Request {
        Request(firstSlice: firstSlice, count: sliceCount - firstSlice)
    }

    /// Whether the arguments of the request found last are copies, valid until the next call of ``next(in:)``: those of an inline request.
    @inlinable
    public var isLastRequestInline: Bool {
        argumentBase == inlineBase
    }

    /// Where the arguments of the request found last are, if they are copies.
    @inlinable
    public var inlineBaseOfLastRequest: UnsafeRawPointer? {
        isLastRequestInline ? inlineBase : nil
    }

    /// The arguments of a request of the current batch.
    ///
    /// - Parameters:
    ///   - request: what ``lastRequest`` was after it was found.
    ///   - bytes: where the request's first byte is, in the bytes it was found in.
    /// - Returns: Views of them, valid as long as the bytes are and the batch lasts.
    @inlinable
    public func arguments(of request: Request, in bytes: UnsafeRawPointer) -> RESPArguments {
        RESPArguments(bytes: bytes, slices: slices + request.firstSlice, count: request.count)
    }

    /// Forgets what is known of an incomplete request: the next bytes are the start of one.
    public mutating func reset() {
        position = 0
        searched = 0
        remaining = 0
        bulkLength = -1
        sliceCount = 0
        firstSlice = 0
    }
}
