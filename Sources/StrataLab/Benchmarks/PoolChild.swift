import Foundation
import Synchronization

/// What a freshly started process measures of one pool.
package enum PoolChild {
    /// What is done with objects.
    package enum Pattern: String, Codable, Sendable, CaseIterable {
        /// One is taken and goes back before the next is taken.
        case single
        /// Each thread holds a number of them and replaces one after the other, in no order.
        case held

        /// What it is called in reports.
        package var title: String {
            switch self {
            case .single: "one at a time"
            case .held: "one of \(PoolChild.heldCount) replaced"
            }
        }
    }

    /// How many objects a thread holds.
    static let heldCount = 64

    /// What to measure.
    package struct Task: Codable, Sendable {
        /// Who.
        package var subject = PoolSubjectName.pool
        /// What is handed out.
        package var payload = PoolPayloadName.small
        /// What is done.
        package var pattern = Pattern.single
        /// How many threads do it.
        package var threads = 1
        /// How many operations each thread does in a round.
        package var operationCount = 1 << 20
        /// How many rounds are measured without looking at single operations, and how many with.
        package var rounds = 5

        /// The usual work.
        package init() {}
    }

    /// What was measured.
    package struct Result: Codable, Sendable {
        /// Nanoseconds per operation and thread in each round.
        package var times: [Double] = []
        /// Single operations, without the time of reading the clock.
        package var latencies = LatencySummary()
        /// Empty intervals, in the same way.
        package var noise = LatencySummary()
        /// Calls of the allocator for each operation, by all threads; a negative number where they can't be counted.
        package var allocationsPerOperation = 0.0
    }

    /// Has a task done by a process of its own.
    ///
    /// - Throws: ``Subprocess/Failure`` with what the process said.
    static func launch(_ task: Task) throws -> Result {
        try Subprocess.measure(task, with: "pool", of: task.subject.title)
    }

    /// Does what `launch(_:)` has sent, as text in and out.
    ///
    /// - Parameter text: The task.
    /// - Returns: The result.
    /// - Throws: What is wrong with the task.
    package static func answer(to text: String) async throws -> String {
        let task = try JSONDecoder().decode(Task.self, from: Data(text.utf8))
        let result = try await PinnedThreads.detached {
            switch (task.subject, task.payload) {
            case (.pool, .small): measure(ObjectPoolSubject<SmallPayload>.self, task)
            case (.pool, .buffer): measure(ObjectPoolSubject<BufferPayload>.self, task)
            case (.allocation, .small): measure(AllocationSubject<SmallPayload>.self, task)
            case (.allocation, .buffer): measure(AllocationSubject<BufferPayload>.self, task)
            case (.mutex, .small): measure(MutexPoolSubject<SmallPayload>.self, task)
            case (.mutex, .buffer): measure(MutexPoolSubject<BufferPayload>.self, task)
            case (.arena, _): measure(ArenaSubject.self, task)
            }
        }
        return String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
    }

    private static func measure<S: PoolSubject>(_ type: S.Type, _ task: Task) -> Result {
        let subject = type.init(holding: heldCount)
        // The order in which places are replaced; short, so that it stays in the first-level cache.
        var random = SeededRandom(seed: 1, stream: 0)
        let order = (0..<4096).map { _ in UInt8(truncatingIfNeeded: random.next(below: heldCount)) }
        let total = Mutex((times: [Double](), latencies: LatencyRecorder(), noise: LatencyRecorder(), allocations: 0))
        var times: [Double] = []
        // One round warms up, and one counts allocations, which takes some time itself.
        for round in -2..<task.rounds {
            PinnedThreads.run(task.threads) { _ in
                let desk = subject.desk()
                blackHole(run(desk, order, task.pattern, 1 << 12))
                let counter = round == -1 ? AllocationCounter() : nil
                let start = Nanoseconds.now()
                blackHole(run(desk, order, task.pattern, task.operationCount))
                let time = Nanoseconds.now() - start
                let allocations = counter?.count ?? 0
                total.withLock {
                    $0.times.append(Double(time) / Double(task.operationCount))
                    $0.allocations += allocations
                }
            }
            total.withLock {
                // The slowest thread's.
                if round >= 0 { times.append($0.times.max() ?? 0) }
                $0.times.removeAll()
            }
        }
        PinnedThreads.run(task.threads) { _ in
            let desk = subject.desk()
            blackHole(run(desk, order, task.pattern, 1 << 12))
            var clock = LatencyRecorder()
            for _ in 0..<1 << 16 { clock.record(Self.empty()) }
            let cost = clock.summary["P50"]
            var latencies = LatencyRecorder()
            var noise = LatencyRecorder()
            // In turns, so that both meet the same moods of the machine.
            for _ in 0..<64 {
                time(desk, order, task.pattern, task.operationCount / 32, cost, &latencies)
                for _ in 0..<task.operationCount / 32 { noise.record(subtract(cost, from: Self.empty())) }
            }
            let found = (latencies, noise)
            total.withLock {
                $0.latencies.add(found.0)
                $0.noise.add(found.1)
            }
        }
        return total.withLock { total in
            var result = Result()
            result.times = times
            result.latencies = total.latencies.summary.fromTicks()
            result.noise = total.noise.summary.fromTicks()
            result.allocationsPerOperation =
                AllocationCounter() == nil ? -1 : Double(total.allocations) / Double(task.operationCount * task.threads)
            return result
        }
    }

    @inline(never)
    private static func run<D: PoolDesk>(_ desk: D, _ order: [UInt8], _ pattern: Pattern, _ count: Int) -> UInt64 {
        var sum: UInt64 = 0
        let mask = order.count - 1
        switch pattern {
        case .single: for index in 0..<count { sum &+= desk.takeAndReturn(UInt64(truncatingIfNeeded: index)) }
        case .held:
            for index in 0..<count {
                sum &+= desk.replace(Int(order[index & mask]), UInt64(truncatingIfNeeded: index))
            }
        }
        return sum
    }

    @inline(never)
    private static func time<D: PoolDesk>(
        _ desk: D, _ order: [UInt8], _ pattern: Pattern, _ count: Int, _ cost: UInt64,
        _ latencies: inout LatencyRecorder
    ) {
        var sum: UInt64 = 0
        let mask = order.count - 1
        for index in 0..<count {
            let place = Int(order[index & mask])
            let start = Ticks.now()
            switch pattern {
            case .single: sum &+= desk.takeAndReturn(UInt64(truncatingIfNeeded: index))
            case .held: sum &+= desk.replace(place, UInt64(truncatingIfNeeded: index))
            }
            latencies.record(subtract(cost, from: Ticks.now() &- start))
        }
        blackHole(sum)
    }

    @inline(__always)
    private static func empty() -> UInt64 {
        let start = Ticks.now()
        return Ticks.now() &- start
    }

    /// What is left of an interval, at least a tick.
    @inline(__always)
    private static func subtract(_ cost: UInt64, from interval: UInt64) -> UInt64 {
        interval > cost ? interval - cost : 1
    }
}
