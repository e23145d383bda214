import Foundation

/// A program in another language that measures a map or a cache.
package enum PeerSubject: String, Codable, Sendable, CaseIterable {
    /// oneTBB's `concurrent_hash_map`.
    case tbb
    /// libcuckoo.
    case cuckoo
    /// Java's `ConcurrentHashMap`.
    case java
    /// Caffeine, in Java.
    case caffeine
    /// Go's `sync.Map`.
    case go

    /// Those that are maps.
    package static let maps: [PeerSubject] = [.tbb, .cuckoo, .java, .go]

    /// What has to be installed, as Debian's packages.
    var packages: String {
        switch self {
        case .tbb: "g++ libtbb-dev"
        case .cuckoo: "g++ libcuckoo-dev"
        case .java: "default-jdk-headless"
        case .caffeine: "default-jdk-headless libcaffeine-java"
        case .go: "golang-go"
        }
    }

    /// Where Debian puts Caffeine.
    private static let caffeinePath = "/usr/share/java/caffeine.jar"

    /// Makes the program.
    ///
    /// - Parameters:
    ///   - sources: The folder `Benchmarks/peers`.
    ///   - folder: Where to put what is made.
    /// - Returns: How to start the program.
    /// - Throws: ``Subprocess/Failure`` if it can't be made, with the packages that may be missing.
    func build(from sources: String, into folder: String) throws -> [String] {
        let words: [String]
        let start: [String]
        var environment: [String: String] = [:]
        switch self {
        case .tbb:
            start = ["\(folder)/tbb"]
            words = [
                "g++", "-O2", "-std=c++17", "-pthread", "-DPEER_TBB", "\(sources)/cpp/peer.cpp", "-o", start[0],
                "-ltbb",
            ]
        case .cuckoo:
            start = ["\(folder)/cuckoo"]
            words = [
                "g++", "-O2", "-std=c++17", "-pthread", "-DPEER_CUCKOO", "\(sources)/cpp/peer.cpp", "-o", start[0],
            ]
        case .java:
            start = ["java", "-Xmx4g", "-cp", "\(folder)/java", "Peer"]
            words = ["javac", "-d", "\(folder)/java", "\(sources)/java/PeerSupport.java", "\(sources)/java/Peer.java"]
        case .caffeine:
            let path = "\(Self.caffeinePath):\(folder)/caffeine"
            start = ["java", "-Xmx4g", "-cp", path, "CaffeinePeer"]
            words = [
                "javac", "-cp", Self.caffeinePath, "-d", "\(folder)/caffeine", "\(sources)/java/PeerSupport.java",
                "\(sources)/java/CaffeinePeer.java",
            ]
        case .go:
            start = ["\(folder)/go"]
            words = ["go", "build", "-o", start[0], "."]
            environment = ["GOFLAGS": "-mod=mod", "GOCACHE": "\(folder)/go-cache", "HOME": folder]
        }
        let output = try? Subprocess.run(words, environment: environment, in: self == .go ? "\(sources)/go" : nil)
        guard let output, output.status == 0 else {
            let reason = (output?.errors ?? "").split(separator: "\n").first.map { ": \($0)" } ?? ""
            throw Subprocess.Failure(description: "\(rawValue) is left out\(reason) (apt install \(packages))")
        }
        return start
    }
}

/// The peers of one benchmark, built, with the operations that they get.
final class PeerPrograms {
    /// One line of what a peer prints.
    struct Line: Decodable {
        var subject: String
        var row: String
        var ns: [Double]
        var bytes: Double
        var hitRatio: Double?
    }

    private let folder: String
    private var manifest = ""
    private var commands: [(peer: PeerSubject, words: [String])] = []

    /// Builds peers; those that can't be built are told and left out.
    init(_ peers: [PeerSubject], _ progress: MapBenchmark.Progress) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("strata-peers-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        guard let sources = Self.sources else {
            throw Subprocess.Failure(
                description: "the peers' sources, Benchmarks/peers, are not there: run the command in a checkout")
        }
        for peer in peers {
            progress("building \(peer.rawValue)")
            do {
                commands.append((peer, try peer.build(from: sources, into: folder)))
            } catch {
                progress("\(error)\n")
            }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// The folder of the sources: in the current folder or above the executable.
    private static var sources: String? {
        var folders = [FileManager.default.currentDirectoryPath]
        var folder = URL(fileURLWithPath: Subprocess.ownPath)
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            folders.append(folder.path)
        }
        return folders.map { $0 + "/Benchmarks/peers" }.first {
            FileManager.default.fileExists(atPath: $0 + "/README.md")
        }
    }

    /// Writes the keys to load for a kind of rows.
    func addLoad(kind: String, _ words: [UInt64]) throws {
        try write(words, "load-\(kind)")
        manifest += "load \(kind) load-\(kind)\n"
    }

    /// Writes a row's operations.
    ///
    /// - Parameters:
    ///   - word: `row`, or `cache`.
    ///   - name: The row's name.
    ///   - kind: The kind of map, or the cache's capacity.
    ///   - sequences: The operations of each thread.
    ///   - key: Turns a rank into a word.
    /// - Throws: What the system says if a file can't be written.
    func addRow(
        _ word: String, name: String, kind: String, _ sequences: [Workload.Sequence], key: (Int) -> UInt64
    ) throws {
        manifest += "\(word) \(name) \(kind) \(sequences.count)"
        for (thread, sequence) in sequences.enumerated() {
            let file = "\(name).\(thread)"
            try write(sequence.ranks.map(key), file)
            if !sequence.kinds.isEmpty {
                let bytes = sequence.kinds.map { $0 == .read ? UInt8(0) : 1 }
                try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(file).ops"))
            }
            manifest += " \(file)"
        }
        manifest += "\n"
    }

    private func write(_ words: [UInt64], _ file: String) throws {
        let bytes = words.map(\.littleEndian).withUnsafeBytes { Data($0) }
        try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
    }

    /// Starts every peer once.
    ///
    /// - Returns: What they printed.
    func run(rounds: Int, _ progress: MapBenchmark.Progress) throws -> [Line] {
        try manifest.write(toFile: "\(folder)/manifest.txt", atomically: true, encoding: .utf8)
        var lines: [Line] = []
        for command in commands {
            progress("peer \(command.peer.rawValue)")
            let output = try Subprocess.run(command.words + [folder, "\(rounds)"])
            guard output.status == 0 else {
                progress("\(command.peer.rawValue) failed: \(output.errors.prefix(300))\n")
                continue
            }
            for line in output.text.split(separator: "\n") {
                lines.append(try JSONDecoder().decode(Line.self, from: Data(line.utf8)))
            }
        }
        return lines
    }
}

extension MapBenchmark {
    /// Prepares the peers with the rows that they know: reads and updates.
    func preparePeers(_ progress: Progress) throws -> PeerPrograms? {
        guard !peers.isEmpty else { return nil }
        let programs = try PeerPrograms(peers, progress)
        let known = rows.filter { $0.bulk == 1 && $0.shape == .scattered }
        // Other languages' strings are bytes already.
        for entries in [MapRow.Entries.integers, .texts] {
            let kind = entries == .texts ? "text" : "map"
            let mine = known.filter { $0.entries == entries }
            guard let first = mine.first else { continue }
            let keyCount = try first.workload(keyCount: task.keyCount).keyCount
            try programs.addLoad(kind: kind, (0..<keyCount).map { first.shape.key(ofRank: $0) })
            for row in mine {
                progress("writing the operations of \(row.name)")
                let workload = try row.workload(keyCount: task.keyCount)
                let sequences = (0..<row.threads).map {
                    workload.sequence(count: peerOperationCount, seed: task.seed, stream: $0)
                }
                try programs.addRow("row", name: row.name, kind: kind, sequences) { row.shape.key(ofRank: $0) }
            }
        }
        return programs
    }

    /// Starts the peers once and adds what they found.
    func measurePeers(_ programs: PeerPrograms, _ collected: inout [Collected], _ progress: Progress) throws {
        for line in try programs.run(rounds: task.rounds, progress) {
            if !collected.contains(where: { $0.title == line.subject }) {
                collected.append(Collected(title: line.subject))
            }
            guard let index = collected.firstIndex(where: { $0.title == line.subject }) else { continue }
            collected[index].rows[line.row, default: Samples()].add(Samples(line.ns).median)
            if line.row == "get-1" { collected[index].resident.add(line.bytes) }
        }
    }
}
