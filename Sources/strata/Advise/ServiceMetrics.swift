import Foundation
import StrataLab
import StrataServer

/// Where `strata advise decide` finds what a running service says: a URL, a file, or standard input.
struct ServiceMetrics: Sendable {
    /// What the option says.
    let source: String
    /// Seconds between two readings of a URL; 0 for one.
    let interval: Double
    /// The cache to look at; `nil` for all.
    let cache: String?

    /// Why there is nothing to be read, for people.
    struct Failure: Error, CustomStringConvertible {
        /// What is wrong.
        let description: String
    }

    /// Whether the option names a service and not a file.
    static func isURL(_ source: String) -> Bool { source.contains("://") }

    /// How a service is asked: five seconds and 16 MiB at most.
    static func question(_ url: String) throws(HTTPGet.Failure) -> HTTPGet { try HTTPGet(url: url, path: "/metrics") }

    /// Reads once or twice.
    ///
    /// - Parameter progress: Told what is being waited for.
    /// - Returns: What the service says.
    /// - Throws: ``Failure``, or `ServiceSignals.Missing` if it says nothing of caches.
    func signals(progress: (String) -> Void) async throws -> ServiceSignals {
        guard Self.isURL(source) else {
            return try ServiceSignals(ServiceReading(try text()), cache: cache)
        }
        let question = try Self.question(source)
        progress("\(source): reading")
        let first = try await reading(question)
        guard interval > 0 else { return try ServiceSignals(first.reading, cache: cache) }
        // What can't be used is said before anybody waits.
        _ = try ServiceSignals(first.reading, cache: cache)
        progress("\(source): reading again in \(interval.formatted()) s, for rates")
        try await Task.sleep(for: .seconds(interval))
        let second = try await reading(question)
        let seconds = (second.time - first.time) / .seconds(1)
        return try ServiceSignals(second.reading, since: (first.reading, seconds), cache: cache)
    }

    private func reading(_ question: HTTPGet) async throws -> (reading: ServiceReading, time: ContinuousClock.Instant) {
        let (status, body) = try await question.answer(accept: "text/plain;version=0.0.4")
        guard status == 200 else {
            throw Failure(
                description: "\(question.host):\(question.port) answers \(question.path) with status \(status)")
        }
        return (ServiceReading(String(decoding: body, as: UTF8.self)), ContinuousClock.now)
    }

    private func text() throws -> String {
        guard source != "-" else {
            return String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        }
        guard let data = FileManager.default.contents(atPath: source) else {
            throw Failure(description: "can't read '\(source)'")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
