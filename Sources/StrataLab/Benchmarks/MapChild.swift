import Foundation
import Strata

/// What a freshly started process measures of one subject, and how it is told and answers.
///
/// Launches of one program differ by up to a factor of two on shared machines: where its pages lie, who its neighbours are. So a figure
/// is the median over several launches of each subject, taken in turns.
package enum MapChild {
    /// What to measure.
    package struct Task: Codable, Sendable {
        /// Who.
        package var subject: MapSubjectName
        /// Single operations in a closed loop; all rows of one family.
        package var rows: [MapRow] = []
        /// Insertions from nothing up to so many, each timed; 0 for none.
        package var growthCount = 0
        /// Paced insertions.
        package var paced: Paced?
        /// How many keys the map has for the rows.
        package var keyCount = 1_000_000
        /// How many rounds are measured.
        package var rounds = 3
        /// About how long each round of each row takes.
        package var roundMilliseconds = 150
        /// The seed of all sequences.
        package var seed: UInt64 = 1

        /// Work for a subject.
        package init(_ subject: MapSubjectName) { self.subject = subject }
    }

    /// A paced load of insertions.
    package struct Paced: Codable, Sendable {
        /// Operations per second of all threads together.
        package var rate: Double
        /// For how long.
        package var seconds: Double
        /// How many threads share the load.
        package var threads: Int

        /// A load.
        package init(rate: Double, seconds: Double, threads: Int) {
            self.rate = rate
            self.seconds = seconds
            self.threads = threads
        }
    }

    /// What was measured.
    package struct Result: Codable, Sendable {
        /// Nanoseconds per operation and thread in each round, by row.
        package var rows: [String: [Double]] = [:]
        /// How much the process grew for each entry.
        package var residentBytesPerEntry: Double?
        /// The same as the subject counts.
        package var ownBytesPerEntry: Double?
        /// What growth took.
        package var growth: GrowthMeasurement.Result?
        /// What the paced load saw.
        package var paced: PacedMeasurement.Result?
        /// An empty result.
        package init() {}
    }

    /// Does a task in this process.
    ///
    /// Blocks the calling thread, which must not be one of the pool's.
    ///
    /// - Throws: What is wrong with the task.
    package static func perform(_ task: Task) throws -> Result {
        if task.subject == .actor { return try ActorMeasurement.measure(task) }
        return switch task.rows.first?.entries ?? .integers {
        case .integers: try measure(task.subject, UInt64.self, UInt64.self, task)
        case .texts: try measure(task.subject, ShortBytes.self, FourWords.self, task)
        case .strings: try measure(task.subject, String.self, FourWords.self, task)
        }
    }

    private static func measure<Key: SubjectKey, Value: SubjectValue>(
        _ subject: MapSubjectName, _ key: Key.Type, _ value: Value.Type, _ task: Task
    ) throws -> Result {
        switch subject {
        case .strata: try measure(StrataMapSubject<Key, Value>.self, task)
        case .sharded: try measure(ShardedDictionarySubject<Key, Value>.self, task)
        case .mutex: try measure(MutexDictionarySubject<Key, Value>.self, task)
        case .readWriteLock: try measure(ReadWriteLockDictionarySubject<Key, Value>.self, task)
        case .foundation: try measure(FoundationCacheSubject<Key, Value>.self, task)
        case .actor: Result()
        }
    }

    private static func measure<S: MapSubject>(_ subject: S.Type, _ task: Task) throws -> Result {
        var result = Result()
        if !task.rows.isEmpty { try RowMeasurement.measure(subject, task, &result) }
        if task.growthCount > 0 { result.growth = GrowthMeasurement.measure(subject, task) }
        if let paced = task.paced { result.paced = PacedMeasurement.measure(subject, paced, seed: task.seed) }
        return result
    }

    /// Has a task done by a process of its own.
    ///
    /// - Throws: ``Subprocess/Failure`` with what the process said.
    package static func launch(_ task: Task) throws -> Result {
        try Subprocess.measure(task, with: "map", of: task.subject.title)
    }

    /// Does what `launch(_:)` has sent, as text in and out.
    ///
    /// - Throws: What is wrong with the task.
    package static func answer(to text: String) async throws -> String {
        let task = try JSONDecoder().decode(Task.self, from: Data(text.utf8))
        let result = try await PinnedThreads.detached { try perform(task) }
        return String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
    }
}

/// The subjects by the names under which they are asked for.
package enum MapSubjectName: String, Codable, Sendable, CaseIterable {
    /// `ConcurrentMap`.
    case strata
    /// 32 dictionaries with a lock each.
    case sharded
    /// A dictionary with a lock.
    case mutex
    /// A dictionary with a read-write lock.
    case readWriteLock = "rwlock"
    /// An actor around a dictionary.
    case actor
    /// Foundation's cache.
    case foundation = "nscache"

    /// What it is called in reports.
    package var title: String {
        switch self {
        case .strata: StrataMapSubject<UInt64, UInt64>.title
        case .sharded: ShardedDictionarySubject<UInt64, UInt64>.title
        case .mutex: MutexDictionarySubject<UInt64, UInt64>.title
        case .readWriteLock: ReadWriteLockDictionarySubject<UInt64, UInt64>.title
        case .actor: ActorDictionary<UInt64, UInt64>.title
        case .foundation: FoundationCacheSubject<UInt64, UInt64>.title
        }
    }
}
