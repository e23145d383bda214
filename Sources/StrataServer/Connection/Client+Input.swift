import Logging
import Strata
import StrataRESP

extension Client {
    /// Parses and looks up the first requests among bytes that will be received next, as far as they can be carried out at once.
    ///
    /// - Returns: What the requests in the batch end with; `nil` if these bytes have to wait for others, or nobody wants them any more.
    func lookAhead(_ bytes: UnsafeRawBufferPointer, into batch: RequestBatch) -> RESPRequestParser.Outcome? {
        guard input.count == 0, !isLookedAhead, !isSuspended, !isClosing, bytes.count > 0 else { return nil }
        isLookedAhead = true
        return parse(bytes, from: 0, into: batch)
    }

    /// Takes bytes from the transport: carries out the requests that are complete and keeps the rest.
    ///
    /// - Parameters:
    ///   - bytes: what has arrived.
    ///   - outcome: what ``lookAhead(_:into:)`` has returned for these bytes.
    ///   - batch: the requests it has found.
    func receive(_ bytes: UnsafeRawBufferPointer, _ outcome: RESPRequestParser.Outcome?, _ batch: RequestBatch) {
        status.receivedBytes.add(bytes.count)
        worker.statistics.receivedBytes.add(bytes.count)
        if outcome != nil { isLookedAhead = false }
        guard !isClosing else { return }
        status.waitingInputBytes.set(input.count + bytes.count)
        if let outcome, !isSuspended {
            let consumed = process(bytes, outcome, batch)
            status.waitingInputBytes.set(bytes.count - consumed)
            guard consumed < bytes.count, !isClosing else { return }
            input.append(UnsafeRawBufferPointer(rebasing: bytes[consumed...]), expecting: parser.neededByteCount)
        } else {
            if outcome != nil { parser.reset() }
            input.append(bytes, expecting: parser.neededByteCount)
            if input.count > worker.server.settings.maximumQueryBufferBytes.current {
                worker.statistics.queryBufferLimitDisconnections.add(1)
                worker.server.logger.warning(
                    "client closed: too much input without a complete request", metadata: logMetadata)
                return close()
            }
            if !isSuspended { processInput() }
        }
        status.waitingInputBytes.set(input.count)
        status.freeInputBytes.set(input.freeByteCount)
    }

    /// Carries out the requests that are complete in ``input``.
    func processInput() {
        guard input.count > 0 else { return }
        let bytes = input.bytes
        let batch = worker.batch
        let outcome = parse(bytes, from: 0, into: batch)
        let consumed = process(bytes, outcome, batch)
        input.removeFirst(consumed)
    }

    /// Goes on after a suspension.
    func resume() {
        guard isSuspended else { return }
        isSuspended = false
        status.set(.blocked, false)
        worker.begin(self)
        if input.count > 0 && !isClosing { processInput() }
        worker.end(self)
    }

    /// Carries out the complete requests at the start of `bytes`.
    ///
    /// Several are parsed before the first is carried out, so that the memory they will touch is on its way meanwhile.
    ///
    /// - Parameters:
    ///   - bytes: at least one byte.
    ///   - outcome: what the batch ends with.
    ///   - batch: the first requests among the bytes; then used for the others.
    /// - Returns: How many bytes they took.
    private func process(
        _ bytes: UnsafeRawBufferPointer, _ outcome: RESPRequestParser.Outcome, _ batch: RequestBatch
    ) -> Int {
        let base = bytes.baseAddress.unsafelyUnwrapped
        let worker = worker
        var outcome = outcome
        while true {
            for index in 0..<batch.count {
                let request = batch[index]
                let arguments = parser.arguments(of: request.pointee.request, in: request.pointee.base(base))
                guard worker.execute(arguments, request, for: self) else {
                    // Clients are paused; the request is parsed again when they go on.
                    isSuspended = true
                    parser.reset()
                    return request.pointee.offset
                }
                if isClosing { return bytes.count }
                if isSuspended {
                    parser.reset()
                    return request.pointee.offset + request.pointee.length
                }
            }
            var offset = batch.end
            switch outcome {
            case .request: break
            case .nothing(let length): offset += length
            case .incomplete: return offset
            case .failure(let error):
                fail(error)
                return bytes.count
            }
            guard offset < bytes.count else { return offset }
            outcome = parse(bytes, from: offset, into: batch)
            if batch.count > 1 { batch.prefetchEntries(worker.context, of: self) }
        }
    }

    /// Parses requests until the batch is full, nothing is left, or the next is no ordinary one; and finds their commands and keys.
    private func parse(
        _ bytes: UnsafeRawBufferPointer, from start: Int, into batch: RequestBatch
    ) -> RESPRequestParser.Outcome {
        // A request may be the one that lifts the limits on those behind it.
        let limit = gate.contains(.unauthenticated) ? 1 : RequestBatch.capacity
        parser.beginBatch()
        batch.begin(at: start)
        var outcome = RESPRequestParser.Outcome.incomplete
        repeat {
            outcome = parser.next(in: UnsafeRawBufferPointer(rebasing: bytes[batch.end...]))
            guard case .request(let length) = outcome else { break }
            batch.append(parser.lastRequest, length: length, inlineBase: parser.inlineBaseOfLastRequest)
            if parser.isLastRequestInline { break }
        } while batch.count < limit && batch.end < bytes.count
        batch.lookUp(worker.context, parser, bytes.baseAddress.unsafelyUnwrapped, for: self)
        return outcome
    }

    /// Tells the client what is wrong with its request, and closes.
    private func fail(_ error: RESPProtocolError) {
        worker.statistics.protocolErrors.add(1)
        worker.server.logger.debug("client closed: malformed request", metadata: logMetadata)
        worker.context.writer.error(error.message)
        closeAfterReply()
    }
}
