/// One thing done to a map that makes one line of the report.
package struct MapRow: Codable, Hashable, Sendable {
    /// Which keys and values the map has.
    package enum Entries: String, Codable, Sendable, CaseIterable {
        /// `UInt64` to `UInt64`.
        case integers
        /// Twelve bytes to 32 bytes, the keys as byte strings in place.
        case texts
        /// The same with the keys as `String`, as programs have them.
        case strings
    }

    /// The name under which it is asked for.
    package var name: String
    /// What it is called in reports.
    package var title: String
    /// How many threads do it.
    package var threads: Int
    /// Keys and values.
    package var entries: Entries
    /// How many keys each call reads; 1 for single reads.
    package var bulk: Int
    /// The name of the ``Distribution``.
    package var distribution: String
    /// The ``OperationMix``.
    package var mix: OperationMix
    /// What the keys look like.
    package var shape: KeyShape

    /// A row.
    package init(
        _ name: String, _ title: String, threads: Int, entries: Entries = .integers, bulk: Int = 1,
        distribution: String = "uniform", mix: OperationMix = .readOnly, shape: KeyShape = .scattered
    ) {
        self.name = name
        self.title = title
        self.threads = threads
        self.entries = entries
        self.bulk = bulk
        self.distribution = distribution
        self.mix = mix
        self.shape = shape
    }

    /// The workload over a number of keys.
    ///
    /// - Throws: What ``Distribution/init(_:)`` throws.
    package func workload(keyCount: Int) throws -> Workload {
        let distribution = try Distribution(distribution)
        return Workload(
            keyCount: distribution.keyCount ?? keyCount, distribution: distribution, mix: mix, shape: shape)
    }

    /// The rows that are measured when nothing else is asked for, each with one thread and with as many as given.
    package static func standard(threads: Int) -> [MapRow] {
        var rows: [MapRow] = []
        let counts = threads > 1 ? [1, threads] : [1]
        func add(_ name: String, _ title: String, _ make: (String, String, Int) -> MapRow) {
            for count in counts {
                rows.append(make("\(name)-\(count)", "\(title), \(count) thread\(count == 1 ? "" : "s")", count))
            }
        }
        add("get", "get hit, uniform") { MapRow($0, $1, threads: $2) }
        add("bulk", "bulk get of 16, uniform") { MapRow($0, $1, threads: $2, bulk: 16) }
        add("zipf-100", "Zipf(0.99), 100 % get") { MapRow($0, $1, threads: $2, distribution: "zipf:0.99") }
        add("zipf-95", "Zipf(0.99), 95 % get, 5 % set") {
            MapRow($0, $1, threads: $2, distribution: "zipf:0.99", mix: .mostlyReads)
        }
        add("zipf-50", "Zipf(0.99), 50 % get, 50 % set") {
            MapRow($0, $1, threads: $2, distribution: "zipf:0.99", mix: .halfReads)
        }
        add("text", "12-byte keys, 32-byte values, get hit, uniform") {
            MapRow($0, $1, threads: $2, entries: .texts)
        }
        add("string", "12-byte String keys, 32-byte values, get hit, uniform") {
            MapRow($0, $1, threads: $2, entries: .strings)
        }
        for shape in KeyShape.allCases where shape != .scattered {
            add(shape.rawValue, "\(shape.title), get hit, uniform") { MapRow($0, $1, threads: $2, shape: shape) }
        }
        return rows
    }

    /// Keys and their shape: rows that agree in it are measured on the same map.
    package var family: String { "\(entries.rawValue)-\(shape.rawValue)" }
}
