import Foundation

/// Starts other programs and takes what they print.
package enum Subprocess {
    /// The path of the running executable.
    package static var ownPath: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }

    /// What a program said.
    package struct Output: Sendable {
        /// How it ended; 0 is well.
        package var status: Int32
        /// What it printed.
        package var text: String
        /// What it complained about.
        package var errors: String
    }

    /// Why a program could not be used.
    package struct Failure: Error, CustomStringConvertible {
        /// What is wrong, for people.
        package let description: String
    }

    /// What to put before a program so that it ends when this one does: a process of its own hears nothing of a Ctrl-C at the terminal.
    ///
    /// Nothing where util-linux is missing.
    private static let leash: [String] =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
        ? ["/usr/bin/setpriv", "--pdeathsig", "KILL", "--"] : []

    /// Runs a program to its end.
    ///
    /// If the calling thread or the process ends before, so does the program.
    ///
    /// - Parameters:
    ///   - words: The program, found by `PATH`, and its arguments.
    ///   - environment: Variables to set beside those of this process.
    ///   - folder: Where to run it.
    /// - Returns: What it said.
    /// - Throws: ``Failure`` if it can't be started.
    package static func run(
        _ words: [String], environment: [String: String] = [:], in folder: String? = nil
    ) throws -> Output {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = leash + words
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Complaints go to a file: two pipes would have to be read at the same time.
        let complaints = FileManager.default.temporaryDirectory.appendingPathComponent("strata-\(UUID().uuidString)")
        _ = FileManager.default.createFile(atPath: complaints.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: complaints) }
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        do {
            process.standardError = try FileHandle(forWritingTo: complaints)
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let errors = (try? String(contentsOf: complaints, encoding: .utf8)) ?? ""
            return Output(
                status: process.terminationReason == .exit ? process.terminationStatus : 128,
                text: String(decoding: data, as: UTF8.self), errors: errors)
        } catch {
            throw Failure(description: "\(words.first ?? "") can't be run: \(error.localizedDescription)")
        }
    }

    /// Has a task measured by a process of its own, which answers with a result on its output.
    ///
    /// - Parameters:
    ///   - task: What to measure.
    ///   - command: The benchmark's name, behind `strata bench`.
    ///   - subject: Who is measured, for complaints.
    /// - Returns: What the process found.
    /// - Throws: ``Failure`` with what the process said.
    static func measure<Task: Encodable, Result: Decodable>(
        _ task: Task, with command: String, of subject: String
    ) throws -> Result {
        let text = String(decoding: try JSONEncoder().encode(task), as: UTF8.self)
        let output = try run([ownPath, "bench", command, "--child", text])
        guard output.status == 0, let result = try? JSONDecoder().decode(Result.self, from: Data(output.text.utf8))
        else {
            let reason = output.errors.isEmpty ? "status \(output.status)" : output.errors
            throw Failure(description: "measuring \(subject) failed: \(reason)")
        }
        return result
    }

    /// What a program prints, or nothing if it fails.
    package static func output(_ words: [String]) -> String {
        guard let output = try? run(words), output.status == 0 else { return "" }
        return output.text
    }
}
