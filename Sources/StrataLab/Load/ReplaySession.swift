import Histogram
import NIOCore

/// What the connections of one replay share: the rest of the trace and the counts. Confined to one event loop.
final class ReplaySession {
    private let keys: ArraySlice<UInt64>
    private var next: Int
    private var firstRequest: NIODeadline?
    private var lastReply: NIODeadline?
    private var lastReport: (time: NIODeadline, answered: Int)?
    private var hitCount = 0
    private var missCount = 0
    private var storedCount = 0
    private var errorCount = 0
    private var firstError: String?
    private var lookups = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    private var stores = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    init(keys: ArraySlice<UInt64>) {
        self.keys = keys
        self.next = keys.startIndex
    }

    /// The next key to ask for, if any is left.
    func nextKey(now: NIODeadline) -> UInt64? {
        guard next < keys.endIndex else { return nil }
        if firstRequest == nil {
            firstRequest = now
            lastReport = (now, 0)
        }
        defer { next += 1 }
        return keys[next]
    }

    /// Counts the answer to an `HGET`.
    func recordLookup(isHit: Bool, sent: NIODeadline, now: NIODeadline) {
        if isHit {
            hitCount += 1
        } else {
            missCount += 1
        }
        _ = lookups.record(UInt64((now - sent).nanoseconds))
        lastReply = now
    }

    /// Counts the answer to an `HSET`.
    func recordStore(sent: NIODeadline, now: NIODeadline) {
        storedCount += 1
        _ = stores.record(UInt64((now - sent).nanoseconds))
        lastReply = now
    }

    /// Counts an error in place of an answer.
    func recordError(_ text: String, now: NIODeadline) {
        errorCount += 1
        firstError = firstError ?? text
        lastReply = now
    }

    /// How far the replay is; `nil` before the first request.
    func progress(now: NIODeadline) -> TraceReplay.Progress? {
        guard let last = lastReport else { return nil }
        let answered = hitCount + missCount
        let seconds = Double((now - last.time).nanoseconds) / 1e9
        lastReport = (now, answered)
        return TraceReplay.Progress(
            answered: answered, total: keys.count, rate: seconds > 0 ? Double(answered - last.answered) / seconds : 0,
            hitRatio: answered == 0 ? 0 : Double(hitCount) / Double(answered))
    }

    /// What was measured so far.
    func report() -> ReplayReport {
        let nanoseconds = firstRequest.flatMap { first in lastReply.map { ($0 - first).nanoseconds } } ?? 0
        return ReplayReport(
            hitCount: hitCount, missCount: missCount, storedCount: storedCount, errorCount: errorCount, firstError: firstError,
            seconds: Double(nanoseconds) / 1e9, lookups: .init(lookups), stores: .init(stores))
    }
}
