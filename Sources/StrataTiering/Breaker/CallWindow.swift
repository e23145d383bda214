/// The results of the last calls, in a ring.
struct CallWindow: Sendable {
    /// How many calls it remembers.
    let length: Int
    private var results: [UInt8] = []
    private var next = 0
    private var failureCount = 0
    private var slowCount = 0

    private static let failure: UInt8 = 1
    private static let slow: UInt8 = 2

    init(length: Int) { self.length = length }

    /// How many calls it has seen, at most its length.
    var count: Int { results.count }
    /// The part of them that failed.
    var failureRate: Double { results.isEmpty ? 0 : Double(failureCount) / Double(count) }
    /// The part of them that were slow.
    var slowRate: Double { results.isEmpty ? 0 : Double(slowCount) / Double(count) }

    mutating func add(isFailure: Bool, isSlow: Bool) {
        let result = (isFailure ? Self.failure : 0) | (isSlow ? Self.slow : 0)
        if results.count < length {
            results.append(result)
        } else {
            let old = results[next]
            if old & Self.failure != 0 { failureCount -= 1 }
            if old & Self.slow != 0 { slowCount -= 1 }
            results[next] = result
            next = (next + 1) % length
        }
        if isFailure { failureCount += 1 }
        if isSlow { slowCount += 1 }
    }
}
