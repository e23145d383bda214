import Dispatch
import Foundation

/// SIGTERM and SIGINT as something to wait for, in place of the sudden end they cause by themselves.
final class TerminationSignals {
    private let sources: [any DispatchSourceSignal]
    private let arrivals: AsyncStream<Int32>

    /// Begins to catch the signals.
    ///
    /// A second one while the first is being obeyed ends the process at once.
    init() {
        let (arrivals, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.arrivals = arrivals
        let queue = DispatchQueue(label: "strata.signals")
        let counter = Counter()
        self.sources = [SIGTERM, SIGINT].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                counter.count += 1
                if counter.count > 1 {
                    exit(128 + number)
                }
                continuation.yield(number)
            }
            source.resume()
            return source
        }
    }

    /// Waits for the first signal.
    func first() async {
        for await _ in arrivals {
            return
        }
    }

    /// How many signals came.
    ///
    /// Sendable because only the serial queue of the sources touches it.
    private final class Counter: @unchecked Sendable {
        var count = 0
    }
}
