/// How long to wait before the next attempt to connect: doubles from a first to a longest pause, each time anywhere in its upper half.
///
/// The jitter keeps clients that lost a server together from coming back together. Pure: the randomness is given.
struct ReconnectPause: Sendable {
    let first: Duration
    let longest: Duration
    private(set) var failureCount = 0

    init(first: Duration, longest: Duration) {
        self.first = first
        self.longest = longest
    }

    /// The pause after a failed attempt; `random` is a number from 0 to 1.
    mutating func failed(random: Double) -> Duration {
        let full = min(first * (1 << min(failureCount, 20)), longest)
        failureCount += 1
        return full * (0.5 + random / 2)
    }

    /// The pause after the loss of a connection that worked; `random` is a number from 0 to 1.
    func lost(random: Double) -> Duration { first * random }

    /// Begins anew, because an attempt succeeded.
    mutating func succeeded() { failureCount = 0 }
}
