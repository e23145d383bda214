import CStrataProbe
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program that was started to be watched.
struct WatchedProgram {
    /// How a program ended.
    enum Ending: Equatable {
        case status(Int32)
        case signal(Int32)

        /// As `waitpid` told it.
        init(_ status: Int32) {
            let signal = status & 0x7f
            self = signal == 0 ? .status((status >> 8) & 0xff) : .signal(signal)
        }

        /// With what status a shell would end.
        var status: Int32 {
            switch self {
            case .status(let status): return status
            case .signal(let signal): return 128 + signal
            }
        }

        var text: String {
            switch self {
            case .status(let status): return "exit status \(status)"
            case .signal(let signal):
                return "ended by signal \(signal) (\(strsignal(signal).map { String(cString: $0) } ?? "unknown"))"
            }
        }
    }

    let process: pid_t

    /// Starts it with this process's input, output and directory.
    ///
    /// Signals that ask this process to end go to it from then on.
    ///
    /// - Throws: ``WatchError`` if the system refuses.
    init(_ file: ProgramFile, arguments: [String], environment: [String: String]) throws {
        strata_probe_forward_signals(0)
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer {
            words.forEach { free($0) }
            variables.forEach { free($0) }
        }
        // The thread that this runs on may keep signals from itself; the program is to get them.
        var attributes = posix_spawnattr_t()
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_init(&attributes)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        defer { posix_spawnattr_destroy(&attributes) }
        var child: pid_t = 0
        let failure = posix_spawn(&child, file.path, nil, &attributes, words, variables)
        guard failure == 0 else {
            throw WatchError(
                "\(arguments.first ?? file.path) can't be run: \(String(cString: strerror(failure)))", status: 126)
        }
        process = child
        strata_probe_forward_signals(child)
    }

    /// Waits for its end, for so many milliseconds at most; `nil` if it goes on.
    func wait(milliseconds: Int) -> Ending? {
        var status: Int32 = 0
        let result = strata_probe_wait(process, Int32(clamping: milliseconds), &status)
        return result == 0 ? nil : Ending(result < 0 ? 0 : status)
    }
}
