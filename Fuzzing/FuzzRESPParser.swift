// Fuzzer of the request parser.
//
// The first bytes of the input choose how the rest is cut into pieces; the rest is what a client sends. It is parsed in
// one piece and in the pieces, and both must find the same requests, argument for argument, and end the same way. Each
// parse works on an exact copy of the bytes, so that a read behind them is seen by the address sanitizer, and the number
// of bytes the parser looked at is bounded, so that quadratic work is seen without a clock.

/// What the parser made of a stream.
private struct Transcript: Equatable {
    var requests: [[[UInt8]]] = []
    var consumed = 0
    var failure: RESPProtocolError?
    var inspectedByteCount = 0

    static func == (left: Transcript, right: Transcript) -> Bool {
        left.requests == right.requests && left.consumed == right.consumed && left.failure == right.failure
    }
}

/// Parses a stream that arrives in pieces ending at the given offsets.
private func parse(_ stream: UnsafeRawBufferPointer, ends: [Int], unauthenticated: Bool) -> Transcript {
    var transcript = Transcript()
    var parser = RESPRequestParser()
    parser.maximumBulkLength = 1 << 20
    parser.maximumArgumentCount = 1 << 12
    parser.isUnauthenticated = unauthenticated
    for end in ends {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: end - transcript.consumed, alignment: 1)
        defer { copy.deallocate() }
        copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: stream[transcript.consumed..<end]))
        var start = 0
        piece: while true {
            switch parser.next(in: UnsafeRawBufferPointer(rebasing: copy[start...])) {
            case .request(let length):
                precondition(length > 0 && start + length <= copy.count, "a request longer than what was received")
                let arguments = parser.arguments
                precondition(arguments.count > 0, "a request without arguments")
                transcript.requests.append((0..<arguments.count).map { Array(arguments[$0]) })
                start += length
            case .nothing(let length):
                precondition(length > 0 && start + length <= copy.count, "more skipped than was received")
                start += length
            case .incomplete:
                precondition(parser.neededByteCount >= 0, "a negative need")
                break piece
            case .failure(let error):
                transcript.failure = error
                transcript.consumed += start
                transcript.inspectedByteCount = parser.inspectedByteCount
                return transcript
            }
        }
        transcript.consumed += start
    }
    transcript.inspectedByteCount = parser.inspectedByteCount
    return transcript
}

/// Parses a stream in batches, as the server does: arguments are taken only when several requests have been found.
private func parseInBatches(_ stream: UnsafeRawBufferPointer, batchSize: Int, unauthenticated: Bool) -> Transcript {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: stream.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyMemory(from: stream)
    var transcript = Transcript()
    guard let base = copy.baseAddress else { return transcript }
    var parser = RESPRequestParser()
    parser.maximumBulkLength = 1 << 20
    parser.maximumArgumentCount = 1 << 12
    parser.isUnauthenticated = unauthenticated
    var outcome = RESPRequestParser.Outcome.nothing(length: 0)
    while outcome != .incomplete {
        var found: [(request: RESPRequestParser.Request, base: UnsafeRawPointer)] = []
        parser.beginBatch()
        batch: while found.count < batchSize {
            outcome = parser.next(in: UnsafeRawBufferPointer(rebasing: copy[transcript.consumed...]))
            switch outcome {
            case .request(let length):
                let start = UnsafeRawPointer(base) + transcript.consumed
                found.append((parser.lastRequest, parser.inlineBaseOfLastRequest ?? start))
                transcript.consumed += length
                if parser.isLastRequestInline { break batch }
            case .nothing(let length): transcript.consumed += length
            case .incomplete: break batch
            case .failure(let error):
                transcript.failure = error
                outcome = .incomplete
                break batch
            }
        }
        for (request, base) in found {
            let arguments = parser.arguments(of: request, in: base)
            transcript.requests.append((0..<arguments.count).map { Array(arguments[$0]) })
        }
    }
    return transcript
}

/// Tests one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRESPParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    guard input.count > 4 else { return 0 }
    let unauthenticated = input[0] & 1 == 1
    let stream = UnsafeRawBufferPointer(rebasing: input.dropFirst(4))
    let whole = parse(stream, ends: [stream.count], unauthenticated: unauthenticated)

    var ends: [Int] = []
    var end = 0
    while end < stream.count {
        let step = input[0] & 2 == 2 && stream.count <= 64 ? 1 : 1 + Int(input[1 + ends.count % 3])
        end = min(stream.count, end + step)
        ends.append(end)
    }
    let pieces = parse(stream, ends: ends, unauthenticated: unauthenticated)
    precondition(whole.requests == pieces.requests, "other requests in pieces")
    // A failure ends the parse; how much of the stream was consumed before is the same either way.
    precondition(whole == pieces, "another end in pieces")
    let batches = parseInBatches(stream, batchSize: 1 + Int(input[1] % 8), unauthenticated: unauthenticated)
    precondition(whole == batches, "other requests in batches")
    precondition(whole.inspectedByteCount <= 4 * stream.count + 64, "more than linear work")
    precondition(
        pieces.inspectedByteCount <= 4 * stream.count + 24 * ends.count + 64, "more than linear work in pieces")
    return 0
}
