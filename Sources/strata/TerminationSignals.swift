import Dispatch
import Foundation

/// SIGTERM and SIGINT as something to wait for, in place of the sudden end they cause by themselves.
final class TerminationSignals {
    private let sources: [any DispatchSourceSignal]
    private let arrivals: AsyncStream<Void>

    /// Begins to catch the signals; from the return on, none is lost.
    ///
    /// A second signal, while the first is being obeyed, ends the process at once.
    init() async {
        let (arrivals, continuation) = AsyncStream.makeStream(of: Void.self)
        self.arrivals = arrivals
        let queue = DispatchQueue(label: "strata.signals")
        let counter = Counter()
        let (registrations, registered) = AsyncStream.makeStream(of: Void.self)
        self.sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setRegistrationHandler { registered.yield() }
            source.setEventHandler {
                counter.count += 1
                if counter.count > 1 {
                    exit(128 + number)
                }
                continuation.yield()
            }
            source.resume()
            return source
        }
        // Registration happens on another thread. Until then a signal has its ordinary effect, which ends the process as well.
        var remaining = registrations.makeAsyncIterator()
        for _ in sources {
            await remaining.next()
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
