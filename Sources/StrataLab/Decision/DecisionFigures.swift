/// What things take: measured on a machine, read from a file, or assumed.
///
/// As a file: a JSON object with any of these names; what is left out keeps the value that is assumed. An unknown name is an error.
package struct DecisionFigures: Codable, Sendable, Equatable {
    /// Nanoseconds of a read from a map in the process.
    package var localReadNanoseconds = 100.0
    /// Nanoseconds of a write to it.
    package var localWriteNanoseconds = 250.0
    /// The 99th percentile of an operation on it, in nanoseconds.
    package var localP99Nanoseconds = 1_000.0
    /// The median of a round trip to the server, in nanoseconds.
    package var remoteP50Nanoseconds = 200_000.0
    /// The 99th percentile of it.
    package var remoteP99Nanoseconds = 1_000_000.0
    /// Processor time that a call takes in the calling process, in nanoseconds.
    package var remoteCallNanoseconds = 12_000.0
    /// What one server can do in a second.
    package var serverOperationsPerSecond = 100_000.0
    /// The memory of one server.
    package var serverMemoryBytes = 16.0 * 1_073_741_824
    /// From a write to when other processes know of it, in seconds.
    package var invalidationLag = 0.005

    /// The share of the processors' time that keeping data may take: from there on it is a signal to move.
    package var processorBudget = 0.15
    /// The share of a server's throughput to plan with.
    package var serverBudget = 0.7
    /// Copies of the data on servers: primary and replica.
    package var copies = 2.0
    /// What a gigabyte of memory costs, in units that only compare.
    package var costPerGigabyte = 1.0
    /// What looking after one server costs.
    package var costPerServer = 4.0
    /// What the first server costs that nobody has to look after yet.
    package var costOfFirstServer = 12.0
    /// What it costs to watch that copies stay coherent.
    package var costOfCoherence = 3.0
    /// The cost that is half as good as none.
    package var costScale = 50.0

    /// Which of the figures were measured or read from a file.
    package var known: Set<String> = []

    /// What is assumed.
    package init() {}

    /// A figure that a file may state.
    private static let names: [String: any WritableKeyPath<DecisionFigures, Double> & Sendable] = [
        "localReadNanoseconds": \.localReadNanoseconds, "localWriteNanoseconds": \.localWriteNanoseconds,
        "localP99Nanoseconds": \.localP99Nanoseconds, "remoteP50Nanoseconds": \.remoteP50Nanoseconds,
        "remoteP99Nanoseconds": \.remoteP99Nanoseconds, "remoteCallNanoseconds": \.remoteCallNanoseconds,
        "serverOperationsPerSecond": \.serverOperationsPerSecond, "serverMemoryBytes": \.serverMemoryBytes,
        "invalidationLag": \.invalidationLag, "processorBudget": \.processorBudget, "serverBudget": \.serverBudget,
        "copies": \.copies, "costPerGigabyte": \.costPerGigabyte, "costPerServer": \.costPerServer,
        "costOfFirstServer": \.costOfFirstServer, "costOfCoherence": \.costOfCoherence, "costScale": \.costScale,
    ]

    /// Something is wrong with a figure.
    package struct Invalid: Error, CustomStringConvertible, Equatable {
        /// Which, and what.
        package let description: String
    }

    /// Takes over a figure.
    ///
    /// - Throws: ``Invalid`` with its name.
    package mutating func set(_ name: String, to value: Double) throws {
        guard let path = Self.names[name] else {
            let known = Self.names.keys.sorted().joined(separator: ", ")
            throw Invalid(description: "there is no figure '\(name)'; there are \(known)")
        }
        let isCost = name.hasPrefix("cost") && name != "costScale"
        guard value.isFinite, isCost ? value >= 0 : value > 0 else {
            throw Invalid(description: "'\(name)' must be a number above 0, not \(value)")
        }
        self[keyPath: path] = value
        known.insert(name)
    }

    /// The figures by name, as a file has them.
    package var byName: [String: Double] { Self.names.mapValues { self[keyPath: $0] } }
}
