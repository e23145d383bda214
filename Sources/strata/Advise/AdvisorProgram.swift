import ArgumentParser
import Foundation

/// The program `strata-advise`, a package of its own because what it parses Swift with takes minutes to build.
struct AdvisorProgram {
    /// Its file name.
    static let name = "strata-advise"

    /// Where the program is: beside this one, or where `make advisor` builds it, in a folder above this one.
    ///
    /// - Parameter command: The path of the running program.
    /// - Returns: `nil` if it isn't built.
    static func path(beside command: String) -> String? {
        var folder = URL(fileURLWithPath: command).resolvingSymlinksInPath().deletingLastPathComponent()
        var candidates = [folder.appendingPathComponent(name)]
        while folder.path.count > 1 {
            candidates.append(folder.appendingPathComponent("Advisor/.build/release/\(name)"))
            folder.deleteLastPathComponent()
        }
        return candidates.map(\.path).first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Puts the program in this one's place; terminal, signals and exit status are its own from there on.
    ///
    /// - Throws: `ExitCode` 2 if the program isn't built, which is said on the standard error; `ValidationError` if it doesn't start.
    static func run(_ arguments: [String]) throws -> Never {
        guard let path = path(beside: Bundle.main.executablePath ?? CommandLine.arguments[0]) else {
            let text = """
                strata: \(name) isn't built. It is a program of its own, because Swift's parser takes minutes to build.
                Run 'make advisor' once in the folder of Strata's source, or put \(name) beside this program.

                """
            FileHandle.standardError.write(Data(text.utf8))
            throw ExitCode(2)
        }
        var words = ([path] + arguments).map { strdup($0) }
        words.append(nil)
        execv(path, &words)
        throw ValidationError("\(path) doesn't start: \(String(cString: strerror(errno)))")
    }
}
