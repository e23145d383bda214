/// What a program allocated and how its dictionaries, sets and arrays grew.
public struct AllocationReport: Sendable, Codable {
    /// The program as it was started; of a probe in one's own process, its name.
    public var program: [String]
    /// Its process identifier, 0 if no Swift runtime was found in it.
    public var processIdentifier: Int
    /// How it ended, as in "exit status 0"; empty while it runs.
    public var ending: String
    /// How long it was watched, in seconds.
    public var seconds: Double
    /// One allocation in so many was timed and followed to its end; 0: none.
    public var samplingInterval: Int
    /// Why there is nothing to see, or not everything; empty if all was seen.
    public var remarks: [String]
    /// Threads that allocated anything.
    public var threadCount: Int
    /// What was allocated, most bytes first, with exact counts and bytes.
    public var types: [TypeAllocations]
    /// How storages grew, by type, largest first, with exact counts.
    public var growths: [StorageGrowths]
    /// Single storages as they grew, largest first: those whose growths were timed, at most as many as the watcher keeps.
    public var storages: [GrowingStorage]
    /// Where storages grew and sampled objects came from, most bytes first; empty without backtraces.
    public var backtraces: [Backtrace]
    /// How threads spent their time, if that was asked for.
    public var threads: [ThreadTimes]

    /// Allocations of one type.
    public struct TypeAllocations: Sendable, Codable {
        /// The type's name; storages are named as what they belong to, as in `[String: Int]`.
        public var type: String
        /// Objects allocated.
        public var count: Int
        /// Bytes asked for.
        public var bytes: Int
        /// Objects freed; those that were there before the watching began may make it larger than `count`.
        public var freed: Int
        /// Bytes that storages of this type hold at the end; 0 for other types.
        public var storageBytes: Int
        /// How many were timed.
        public var sampled: Int
        /// Time an allocation took, sampled.
        public var latency: DurationHistogram
        /// Time from allocation to release, sampled, of objects that were released.
        public var lifetime: DurationHistogram
        /// Sampled objects that were still there at the end.
        public var stillAlive: Int

        /// Objects of the type that are there at the end, as far as they were allocated while it was watched.
        public var alive: Int { max(0, count - freed) }
    }

    /// Growths of storages of one type.
    public struct StorageGrowths: Sendable, Codable {
        /// As in `[String: Int]`, `Set<Int>`, `[Int]`.
        public var type: String
        /// "dictionary", "set" or "array".
        public var kind: String
        /// In place of a smaller storage, or of none.
        public var growths: [Step]
        /// All else: copies of shared storages, storages with a capacity that was asked for, replacements that aren't larger.
        public var others: [Step]

        /// Growths of all capacities.
        public var count: Int { growths.reduce(0) { $0 + $1.count } }
        /// The largest capacity that a storage grew to.
        public var largest: Int { growths.map(\.newCapacity).max() ?? 0 }
        /// Time that the timed ones took, in nanoseconds.
        public var nanoseconds: Double { growths.reduce(0) { $0 + $1.nanoseconds } }
        /// The longest of them.
        public var longest: Double { growths.map(\.longest).max() ?? 0 }
    }

    /// Growths from one capacity to another.
    public struct Step: Sendable, Codable {
        /// "growth", "growth of a shared storage", "copy", "new" or "replacement".
        public var cause: String
        /// How many elements the storage before could hold; 0: there was none.
        public var oldCapacity: Int
        /// How many the new one can.
        public var newCapacity: Int
        /// Bytes of the new storage.
        public var bytes: Int
        /// How often.
        public var count: Int
        /// How many of those were timed, from the allocation of the new storage to the release of the old one.
        public var timed: Int
        /// The time those took together, in nanoseconds.
        public var nanoseconds: Double
        /// The longest of them, in nanoseconds.
        public var longest: Double
    }

    /// One dictionary, set or array, followed from storage to storage.
    public struct GrowingStorage: Sendable, Codable {
        /// As in `[String: Int]`.
        public var type: String
        /// Bytes of the storage it has now.
        public var bytes: Int
        /// Growths: when (seconds since the watching began), to which capacity and in how long (nanoseconds, 0 if not timed).
        public var growths: [Moment]
        /// Whether it was freed while the program was watched; storages below 1 KiB count as not freed.
        public var isReleased: Bool
        /// When it would grow next if it fills as it did between its last two growths, in seconds since the watching began; `nil` if it grew only
        /// once or was freed.
        public var nextGrowth: Double?
    }

    /// One growth of one storage.
    public struct Moment: Sendable, Codable {
        /// Seconds since the watching began.
        public var seconds: Double
        /// Elements that the storage before could hold.
        public var oldCapacity: Int
        /// Elements that the new one can.
        public var newCapacity: Int
        /// Nanoseconds; 0 if not timed.
        public var nanoseconds: Double
    }

    /// A place that allocations came from.
    public struct Backtrace: Sendable, Codable {
        /// What was allocated there.
        public var type: String
        /// Whether these are storages of dictionaries, sets and arrays, all of those timed; otherwise sampled objects.
        public var isStorage: Bool
        /// Allocations seen here.
        public var count: Int
        /// Bytes they asked for.
        public var bytes: Int
        /// Functions, innermost first.
        public var frames: [String]
    }
}
