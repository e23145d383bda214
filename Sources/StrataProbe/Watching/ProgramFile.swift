import Foundation

/// The file of a program that is to be watched.
struct ProgramFile {
    let path: String

    /// Finds a program as a shell does: by its path, or by its name in the directories of `PATH`.
    ///
    /// - Throws: ``WatchError`` if there is none or it can't be run.
    init(_ name: String, environment: [String: String]) throws {
        let directories = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        let candidates =
            name.contains("/")
            ? [name] : directories.split(separator: ":").map { "\($0)/\(name)" }
        let files = FileManager.default
        guard let found = candidates.first(where: files.isExecutableFile(atPath:)) else {
            let isThere = candidates.contains(where: files.fileExists(atPath:))
            throw WatchError(
                isThere ? "\(name) can't be run: permission denied" : "\(name): there is no such program",
                status: isThere ? 126 : 127)
        }
        var isDirectory: ObjCBool = false
        guard files.fileExists(atPath: found, isDirectory: &isDirectory), !isDirectory.boolValue else {
            throw WatchError("\(name) is a directory", status: 126)
        }
        path = found
    }

    /// Why the probe never came to life in it.
    var reasonForSilence: String {
        guard let file = ELFFile(path: path) else {
            return "the probe wasn't loaded. Is the program a script whose interpreter is linked statically?"
        }
        if file.machine != 62 {
            return "\(path) is for another processor; only programs for x86-64 can be watched."
        }
        if !file.hasInterpreter {
            return file.isSwift
                ? "\(path) is linked fully statically (-static-executable): there is no dynamic linker that would load the probe. "
                    + "Link it dynamically or with -static-stdlib; or, as root, use the bpftrace scripts."
                : "\(path) is linked fully statically and isn't a Swift program."
        }
        return
            "the probe wasn't loaded into \(path). Programs that run with other rights than their user's ignore it, and so do those "
            + "whose C library isn't glibc."
    }

    /// Why no Swift runtime was found in it, though the probe looked.
    var reasonForNoRuntime: String {
        if let file = ELFFile(path: path), file.isSwift {
            return
                "\(path) holds Swift code, but the functions of the Swift runtime aren't found by name. A program that holds the runtime "
                + "itself (-static-stdlib) must keep its symbols: don't strip it, or link the runtime dynamically."
        }
        return "\(path) isn't a Swift program: neither it nor what it started loaded a Swift runtime."
    }
}
