import Foundation

/// Looks at the threads of a process from time to time: what state each is in, and how long it was ready to run and had to wait.
///
/// The state is that of one moment; the waiting is counted by the scheduler without gaps (`/proc/PID/task/TID/schedstat`).
struct ThreadSampler {
    private struct Thread {
        var times: ThreadTimes
        var waited: UInt64
        var seen: UInt64
    }

    private var threads: [Int: Thread] = [:]
    private let root: String

    /// - Parameter root: Where the system tells about processes; another place in tests.
    init(root: String = "/proc") {
        self.root = root
    }

    /// Looks once.
    ///
    /// `now` is the time on the monotonic clock in nanoseconds.
    mutating func look(at process: Int, now: UInt64) {
        let directory = "\(root)/\(process)/task"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return }
        for identifier in names.compactMap({ Int($0) }) {
            guard let stat = Self.text("\(directory)/\(identifier)/stat"),
                let schedule = Self.text("\(directory)/\(identifier)/schedstat"),
                let (name, state) = Self.nameAndState(stat)
            else { continue }
            let figures = schedule.split { $0 == " " || $0 == "\n" }.compactMap { UInt64($0) }
            guard figures.count >= 2 else { continue }
            var thread =
                threads[identifier]
                ?? Thread(
                    times: ThreadTimes(
                        identifier: identifier, name: name, running: 0, sleeping: 0, blocked: 0, onProcessor: 0,
                        waiting: 0, worstDelay: 0),
                    waited: figures[1], seen: now)
            switch state {
            case "R": thread.times.running += 1
            case "D": thread.times.blocked += 1
            default: thread.times.sleeping += 1
            }
            thread.times.name = name
            thread.times.onProcessor = Double(figures[0]) / 1e9
            thread.times.waiting = Double(figures[1]) / 1e9
            if now > thread.seen, figures[1] >= thread.waited {
                let share = Double(figures[1] - thread.waited) / Double(now - thread.seen)
                thread.times.worstDelay = max(thread.times.worstDelay, min(1, share))
            }
            thread.waited = figures[1]
            thread.seen = now
            threads[identifier] = thread
        }
    }

    /// All threads that were seen, in the order of their numbers.
    var times: [ThreadTimes] { threads.values.map(\.times).sorted { $0.identifier < $1.identifier } }

    /// The name, which may hold anything, stands in parentheses; the state is the letter after them.
    static func nameAndState(_ stat: String) -> (name: String, state: Character)? {
        guard let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")"), open < close,
            let state = stat[stat.index(after: close)...].first(where: { $0 != " " })
        else { return nil }
        return (String(stat[stat.index(after: open)..<close]), state)
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
