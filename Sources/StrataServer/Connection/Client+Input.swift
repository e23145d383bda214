import Logging
import Strata
import StrataRESP

extension Client {
    /// Takes bytes from the transport: carries out the requests that are complete and keeps the rest.
    func receive(_ bytes: UnsafeRawBufferPointer) {
        status.receivedBytes.add(bytes.count)
        guard !isClosing else { return }
        if input.count == 0 && !isSuspended {
            let consumed = process(bytes)
            guard consumed < bytes.count, !isClosing else { return }
            input.append(UnsafeRawBufferPointer(rebasing: bytes[consumed...]), expecting: parser.neededByteCount)
        } else {
            input.append(bytes, expecting: parser.neededByteCount)
            if !isSuspended { processInput() }
        }
        status.waitingInputBytes.set(input.count)
        status.freeInputBytes.set(input.freeByteCount)
        if input.count > worker.server.settings.maximumQueryBufferBytes.current {
            worker.statistics.queryBufferLimitDisconnections.add(1)
            worker.server.logger.warning("client closed: too much input without a complete request", metadata: logMetadata)
            close()
        }
    }

    /// Carries out the requests that are complete in ``input``.
    func processInput() {
        let consumed = process(input.bytes)
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
    /// - Returns: How many bytes they took.
    private func process(_ bytes: UnsafeRawBufferPointer) -> Int {
        var offset = 0
        let worker = worker
        var prefetched = 0
        while offset < bytes.count {
            if offset >= prefetched { prefetched = prefetchKeys(in: bytes, from: offset) }
            switch parser.next(in: UnsafeRawBufferPointer(rebasing: bytes[offset...])) {
            case .request(let length):
                guard worker.execute(parser.arguments, for: self) else {
                    // Clients are paused; the request is parsed again when they go on.
                    isSuspended = true
                    return offset
                }
                offset += length
                if isClosing { return bytes.count }
                if isSuspended { return offset }
            case .nothing(let length):
                offset += length
            case .incomplete:
                return offset
            case .failure(let error):
                fail(error)
                return bytes.count
            }
        }
        return offset
    }

    /// Tells the client what is wrong with its request, and closes.
    private func fail(_ error: RESPProtocolError) {
        worker.statistics.protocolErrors.add(1)
        worker.server.logger.debug("client closed: malformed request", metadata: logMetadata)
        worker.context.writer.error(error.message)
        closeAfterReply()
    }
}
