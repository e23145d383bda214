import Histogram
import NIOCore

/// What the connections of one replay share: the rest of the trace and the counts.
///
/// Confined to one event loop.
///
/// While the first lookup of a key is on its way, and the store that follows a miss, further requests for the key wait: otherwise each of
/// them would miss too and the hit ratio would depend on how many requests are on their way. A key once stored is asked for freely.
final class ReplaySession {
    private let keys: ArraySlice<UInt64>
    private var next: Int
    /// Keys that were found or stored.
    private var known: Set<UInt64> = []
    /// Keys whose first lookup or store is on its way, and how many requests for them wait.
    private var resolving: [UInt64: Int] = [:]
    /// Requests that waited and may be sent.
    private var released: [UInt64] = []
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

    /// The next key to ask for, if any may be sent.
    func nextKey(now: NIODeadline) -> UInt64? {
        if let key = released.popLast() {
            return key
        }
        if firstRequest == nil {
            firstRequest = now
            lastReport = (now, 0)
        }
        while next < keys.endIndex {
            let key = keys[next]
            next += 1
            if known.contains(key) {
                return key
            }
            guard let waiting = resolving[key] else {
                resolving[key] = 0
                return key
            }
            resolving[key] = waiting + 1
        }
        return nil
    }

    /// Lets requests that wait for a key go: all of them if it is stored, else one, to try again.
    private func resolve(_ key: UInt64, isStored: Bool) {
        guard let waiting = resolving.removeValue(forKey: key) else { return }
        if isStored {
            known.insert(key)
            released += repeatElement(key, count: waiting)
        } else if waiting > 0 {
            resolving[key] = waiting - 1
            released.append(key)
        }
    }

    /// Counts the answer to an `HGET`.
    func recordLookup(of key: UInt64, isHit: Bool, sent: NIODeadline, now: NIODeadline) {
        if isHit {
            hitCount += 1
            resolve(key, isStored: true)
        } else {
            missCount += 1
        }
        _ = lookups.record(UInt64((now - sent).nanoseconds))
        lastReply = now
    }

    /// Counts the answer to an `HSET`.
    func recordStore(of key: UInt64, sent: NIODeadline, now: NIODeadline) {
        storedCount += 1
        resolve(key, isStored: true)
        _ = stores.record(UInt64((now - sent).nanoseconds))
        lastReply = now
    }

    /// Counts an error in place of an answer.
    func recordError(_ text: String, for key: UInt64, now: NIODeadline) {
        errorCount += 1
        resolve(key, isStored: false)
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
            hitCount: hitCount, missCount: missCount, storedCount: storedCount, errorCount: errorCount,
            firstError: firstError,
            seconds: Double(nanoseconds) / 1e9, lookups: .init(lookups), stores: .init(stores))
    }
}
