import NIOCore
import Strata
import StrataRESP

/// What clients sent in one turn of the event loop, until all of it is there and is carried out.
///
/// A request by itself waits for memory at every step of its lookup. Those of several clients, each sending one request at a time, wait
/// together here: the places of all keys are asked for before the first request is carried out, as in a pipeline of one client.
///
/// One per event loop, reused.
final class ArrivalQueue {
    /// Bytes of one client.
    struct Arrival {
        let client: Client
        let bytes: ByteBuffer
        /// What the requests at the start of `bytes` end with, once they were looked ahead at.
        var outcome: RESPRequestParser.Outcome?
    }

    /// How many arrivals are kept waiting for each other.
    ///
    /// More are taken only while others are carried out: a connection that breaks then is read to its end.
    static let capacity = 64
    /// How many requests are looked ahead at together: about as many cache misses as a processor core has under way at once.
    private static let groupSize = RequestBatch.capacity

    private var arrivals: UnsafeMutablePointer<Arrival>
    private var allocatedCount = ArrivalQueue.capacity
    private(set) var count = 0
    /// One for each client of a group.
    private let batches: [RequestBatch]
    private var isServing = false

    init() {
        arrivals = .allocate(capacity: Self.capacity)
        batches = (0..<Self.groupSize).map { _ in RequestBatch() }
    }

    deinit {
        arrivals.deinitialize(count: count)
        arrivals.deallocate()
    }

    /// Adds bytes behind those that wait already.
    ///
    /// - Returns: Whether they are the first, so that somebody has to see to them by the end of the turn; and whether no more should wait.
    func append(_ bytes: ByteBuffer, from client: Client) -> (isFirst: Bool, isFull: Bool) {
        if count == allocatedCount { grow() }
        (arrivals + count).initialize(to: Arrival(client: client, bytes: bytes, outcome: nil))
        count += 1
        return (count == 1, count >= Self.capacity)
    }

    @inline(never)
    private func grow() {
        let larger = UnsafeMutablePointer<Arrival>.allocate(capacity: allocatedCount * 2)
        larger.moveInitialize(from: arrivals, count: count)
        arrivals.deallocate()
        arrivals = larger
        allocatedCount *= 2
    }

    /// Carries out what has arrived.
    func serve(by worker: Worker) {
        // A request may end connections, whose end wants everything before it carried out: that is under way.
        guard count > 0, !isServing else { return }
        isServing = true
        var index = 0
        while index < count {
            let start = index
            index = lookAhead(from: start, worker)
            // Read once for a group: requests that take long are rare, and the next group sees the time they took.
            let now = WallClock.nowTicks()
            for position in start..<index { carryOut(position, batches[position - start], worker, now: now) }
        }
        arrivals.deinitialize(count: count)
        count = 0
        isServing = false
    }

    /// Looks ahead at the requests of clients, until there are enough of them.
    ///
    /// - Returns: The position behind the last of the clients.
    private func lookAhead(from start: Int, _ worker: Worker) -> Int {
        var requestCount = 0
        var index = start
        while index < count, index - start < batches.count, requestCount < Self.groupSize {
            let arrival = arrivals + index
            let batch = batches[index - start]
            index += 1
            guard let outcome = arrival.pointee.client.lookAhead(arrival.pointee.start, into: batch) else { continue }
            arrival.pointee.outcome = outcome
            requestCount += batch.count
        }
        if requestCount > 1 {
            for position in start..<index where arrivals[position].outcome != nil {
                batches[position - start].prefetchEntries(worker.context, of: arrivals[position].client)
            }
        }
        return index
    }

    private func carryOut(_ position: Int, _ batch: RequestBatch, _ worker: Worker, now: Int64) {
        let arrival = arrivals + position
        let client = arrival.pointee.client
        worker.begin(client, now: now)
        client.receive(arrival.pointee.start, arrival.pointee.outcome, batch)
        worker.end(client)
    }
}

extension ArrivalQueue.Arrival {
    /// The bytes.
    ///
    /// SAFETY: the storage of `bytes` is on the heap, is kept by this value, and nobody writes to it as long as it is shared.
    fileprivate var start: UnsafeRawBufferPointer {
        bytes.withUnsafeReadableBytes { $0 }
    }
}
